"""One kecamatan's officers walking applications through the stations, over HTTP.

Used by deploy/demo and by the flow tests.  Each method is one officer's act and returns the system's answer; where the file
reaches the desk by an event, the method waits until it is there.
"""
import zlib

from paten import Paten, Problem, wait_for, when_there

PIXEL_PNG = None


def small_png(width=64, height=48):
    """A real PNG, grey, to stand for a scanned paper or a photo."""
    global PIXEL_PNG
    if PIXEL_PNG is None:
        def chunk(kind, data):
            body = kind + data
            return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
        header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
        rows = b"".join(b"\0" + bytes((x * 3 + y * 2) % 256 for x in range(width)) for y in range(height))
        PIXEL_PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return PIXEL_PNG


# Invented people.  NIK: kecamatan of first registration, date of birth (women: day + 40), serial number.
APPLICANT = {
    "nik": "3529224708900001", "name": "Siti Maryam", "birth_place": "Sumenep", "birth_date": "1990-08-07", "sex": "P",
    "address": "Dusun Laok RT 002 RW 001, Desa Brakas, Kecamatan Ra'as", "job": "Petani", "email": "siti.maryam@warga.example",
    "phone": "081234567890",
}

# A filled-in form for each service of the demo kabupaten, and what the field check finds.
FORMS = {
    "sktm": {"purpose": "Pengajuan keringanan biaya pendidikan", "village_letter_issuer": "Kepala Desa Brakas",
             "village_letter_number": "470/012/435.522.101/2026", "village_letter_date": "2026-11-20"},
    "izin_penutupan_jalan": {"event_name": "Resepsi pernikahan", "road_name": "Jalan Raya Brakas - Ketupat", "length_m": 40.5,
                             "width_m": 6, "starts_on": "2026-12-05", "ends_on": "2026-12-05", "detour": "Jalan Pantai Utara"},
    "pbg_rumah_tinggal": {"building_area_m2": 84, "land_area_m2": 150, "floors": 1, "location": "Dusun Laok, Desa Brakas",
                          "land_title": "SHM Nomor 00123/Brakas"},
}
FINDINGS = {
    "izin_penutupan_jalan": {"length_m": 42, "width_m": 6, "detour_usable": True, "notes": "Sesuai, rambu disiapkan pemohon."},
    "pbg_rumah_tinggal": {"building_area_m2": 84, "land_area_m2": 150, "floors": 1, "setback_m": 4.5,
                          "notes": "Sesuai gambar, patok batas terlihat."},
}


class Office:
    """The officers of one kecamatan.  suffix: of their user names ("raas" for loket.raas)."""

    def __init__(self, url, kecamatan, suffix, password):
        self.url, self.kecamatan, self.suffix, self.password = url, kecamatan, suffix, password
        self.public = Paten(url)
        self.clients = {}

    tokens = {}  # of the sessions that this process has opened: signing in is meant to cost time

    def officer(self, desk):
        """desk: "loket", "verifikator"...; without a suffix the whole user name."""
        if desk not in self.clients:
            username = f"{desk}.{self.suffix}" if self.suffix else desk
            if (self.url, username) not in self.tokens:
                self.tokens[self.url, username] = self.public.sign_in(username, self.password).token
            self.clients[desk] = Paten(self.url, self.tokens[self.url, username])
        return self.clients[desk]

    # ---- loket

    def evidence(self, service):
        """Every requirement of the service, with an upload where one is wanted and "original seen" elsewhere."""
        given = []
        for requirement in self.public.get(f"/v1/services/{service}")["published"]["requirements"]:
            if requirement["how"] == "original":
                given.append({"code": requirement["code"], "original_seen": True})
            else:
                file = self.officer("loket").upload(small_png(), f"{requirement['code']}.png", "requirement", self.kecamatan)
                given.append({"code": requirement["code"], "file": file["file"]})
        return given

    def register(self, service, form, applicant=None, requirements=None, key=None, **more):
        body = {"kecamatan": self.kecamatan, "service": service, "applicant": applicant or APPLICANT, "form": form,
                "requirements": self.evidence(service) if requirements is None else requirements, **more}
        return self.officer("loket").post("/v1/applications", body, key)

    def complete(self, application, requirements):
        return self.officer("loket").post(f"/v1/applications/{application}/completion", {"requirements": requirements})

    def case(self, application):
        return self.officer("loket").get(f"/v1/applications/{application}")

    def wait_step(self, application, step, limit_s=None):
        """Until the case stands at that step; step None: until it is closed."""
        def there():
            case = self.case(application)
            return case if case.get("step") == step else None
        return wait_for(there, f"step {step} of {application}", limit_s)

    # ---- stations

    def verify(self, application, outcome="ok", **more):
        verifier = self.officer("verifikator")
        task = when_there(lambda: open_task(verifier, "verification", application))
        return verifier.post(f"/v1/verification/tasks/{application}/decision",
                             {"outcome": outcome, "attempt": task["attempt"], **more})

    def schedule(self, application, date, officers=None):
        inspector = self.officer("teknis")
        return when_there(lambda: inspector.post(f"/v1/inspection/tasks/{application}/schedule", {
            "date": date, "officers": officers or [{"name": "Moh. Rasyid", "nip": "190001012000011099"}]}))

    def inspect(self, application, findings, visited_at, result="ok", **more):
        inspector = self.officer("teknis")
        photo = inspector.upload(small_png(), "lokasi.png", "photo", self.kecamatan)
        return inspector.post(f"/v1/inspection/tasks/{application}/findings", {
            "findings": findings, "photos": [photo["file"]], "visited_at": visited_at, "result": result,
            "position": {"latitude": -7.1433, "longitude": 114.5512, "accuracy_m": 8}, **more})

    def draft(self, application, data=None):
        operator = self.officer("operator")
        when_there(lambda: operator.get(f"/v1/drafting/tasks/{application}"))
        return when_there(lambda: operator.post(f"/v1/drafting/tasks/{application}/submission", {"data": data or {}}))

    def give_back(self, application, reason):
        """The operator returns the file to where it can be mended."""
        operator = self.officer("operator")
        task = when_there(lambda: operator.get(f"/v1/drafting/tasks/{application}"))["task"]
        return operator.post(f"/v1/drafting/tasks/{application}/return", {"attempt": task["attempt"], "reason": reason})

    def paraf(self, application, desk):
        """desk: "kasi" or "sekcam"."""
        officer = self.officer(desk)
        task = wait_for(lambda: listed(officer, "paraf", application), f"the {desk}'s desk")
        return officer.post(f"/v1/paraf/tasks/{application}/paraf", {"content_sha256": task["content_sha256"]})

    def sign(self, application, passphrase=None):
        camat = self.officer("camat")

        def signed():
            task = wait_for(lambda: listed(camat, "signing", application), "the Camat's desk")
            try:
                return camat.post(f"/v1/signing/tasks/{application}/signature", {
                    "sha256": task["document"]["sha256"], "passphrase": passphrase or self.password})
            except Problem as problem:
                if problem.code != "document_being_renewed":  # at midnight it gets the new day's date
                    raise
                return None
        return wait_for(signed, "the document of today")

    def bill(self, application):
        return when_there(lambda: self.officer("kasir").get(f"/v1/payment/bills/{application}"))

    def pay(self, application, received_rupiah=None):
        amount = self.bill(application)["bill"]["amount_rupiah"]
        return self.officer("kasir").post(f"/v1/payment/bills/{application}/cash",
                                          {"received_rupiah": received_rupiah or amount})

    def issue(self, application):
        """Draft, both parafs and the signature; returns what signing answers."""
        self.draft(application)
        self.paraf(application, "kasi")
        self.paraf(application, "sekcam")
        return self.sign(application)

    def hand_over(self, application, **who):
        who = who or {"to": "applicant"}
        self.wait_step(application, "handover")
        return self.officer("penyerahan").post(f"/v1/applications/{application}/handover", who)

    def document(self, application):
        return self.officer("penyerahan").fetch(f"/v1/documents/{application}/signed.pdf")


def open_task(client, station, application):
    """The open task of a station; raises task_unknown while it is not there."""
    task = client.get(f"/v1/{station}/tasks/{application}")["task"]
    if task["state"] != "open":
        raise Problem(409, {"code": "step_out_of_order"}, f"{station} {application}")
    return task


def listed(client, desk, application):
    """The application's task in a desk's inbox, or None."""
    after = None
    while True:
        page = client.get(f"/v1/{desk}/tasks", limit="100", after=after)
        for task in page["tasks"]:
            if task["application"] == application:
                return task
        after = page.get("next")
        if not after:
            return None
