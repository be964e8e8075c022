"""A walk that uses every public operation, for test_live.py: three courses, the ways back, the lists, the desks of the administrator,
and refusals of each kind.  Each part stands by itself; what it asks and gets is judged by the recorder, not here."""
import datetime
import json
import sys
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from contracts import load, read_operations  # noqa: E402
from system import ROOT, URL, Paten, admin, applicant, course, file_form, listed, office, wait_for, when_there, wib_now  # noqa: E402

OPERATIONS = read_operations(load("openapi.yaml"))
NOBODY = "01932d61-0000-7abc-8def-0123456789af"
DEMO = ROOT / "deploy" / "demo.d"
LISTS = (("loket", "/v1/applications", "applications"), ("verifikator", "/v1/verification/tasks", "tasks"),
         ("teknis", "/v1/inspection/tasks", "visits"), ("operator", "/v1/drafting/tasks", "tasks"), ("kasi", "/v1/paraf/tasks", "tasks"),
         ("sekcam", "/v1/paraf/tasks", "tasks"), ("camat", "/v1/signing/tasks", "tasks"), ("kasir", "/v1/payment/bills", "bills"))


def demo(name):
    return json.loads((DEMO / name).read_text(encoding="utf-8"))


def ask(client, method, path, body=None, **more):
    """An exchange whose answer only the recorder judges."""
    more.setdefault("key", str(uuid.uuid4()) if method in ("POST", "PUT") else None)
    return client.send(method, path, body, **more)


def register(raas, service="sktm", **more):
    return raas.register(service, course.FORMS[service], applicant(), **more)


def field_check(raas, application, service):
    raas.verify(application, "needs_inspection")
    now = wib_now()
    raas.schedule(application, now.date().isoformat())
    ask(raas.officer("teknis"), "GET", f"/v1/inspection/tasks/{application}")
    raas.officer("teknis").fetch(f"/v1/inspection/tasks/{application}/letter.pdf")
    raas.inspect(application, course.FINDINGS[service], now.isoformat(timespec="seconds"))


def draft_and_sign(raas, application):
    operator = raas.officer("operator")
    when_there(lambda: operator.get(f"/v1/drafting/tasks/{application}"))
    ask(operator, "POST", f"/v1/drafting/tasks/{application}/preview", {"data": {}})
    raas.draft(application)
    operator.fetch(f"/v1/documents/{application}/draft.pdf")
    raas.paraf(application, "kasi")
    raas.paraf(application, "sekcam")
    wait_for(lambda: listed(raas.officer("camat"), "signing", application), "the Camat's desk")
    raas.officer("camat").fetch(f"/v1/documents/{application}/final.pdf")
    return raas.sign(application)


def collect_and_pay(raas, application):
    cashier = raas.officer("kasir")
    wait_for(lambda: raas.bill(application), "the bill")
    cashier.fetch(f"/v1/payment/bills/{application}/skrd.pdf")
    ask(raas.officer("penyerahan"), "POST", f"/v1/applications/{application}/handover", {"to": "applicant"})
    ask(cashier, "POST", f"/v1/payment/bills/{application}/cash", {"received_rupiah": 1})
    raas.pay(application)
    ask(cashier, "POST", f"/v1/payment/bills/{application}/cash", {"received_rupiah": 1000000})
    cashier.fetch(f"/v1/payment/bills/{application}/receipt.pdf")
    ask(cashier, "GET", f"/v1/payment/bills/{application}")
    for date in (wib_now().date().isoformat(), "hari ini"):
        ask(cashier, "GET", f"/v1/payment/receipts?date={date.replace(' ', '%20')}")
    deposit(raas, cashier)


def deposit(raas, cashier):
    """What lies in the box goes to the kas daerah; said wrongly, and once too often."""
    term = {"kecamatan": raas.kecamatan, "working_days": 1, "legal_basis": "PP 12/2019"}
    for days in (1, 0):
        ask(admin(), "POST", "/v1/payment/deposit-terms", {**term, "working_days": days})
    box = cashier.get("/v1/payment/cash", kecamatan=raas.kecamatan)
    today = box["days"][-1]["date"]
    said = {"kecamatan": raas.kecamatan, "deposited_on": today, "amount_rupiah": box["sum"]["amount_rupiah"]}
    for changes in ({"amount_rupiah": 1}, {"deposited_on": "2020-01-01"}, {"deposited_on": "2099-01-01"}, {}, {}):
        ask(cashier, "POST", "/v1/payment/deposits", {**said, "bank_reference": f"BPD/{uuid.uuid4().hex[:12].upper()}", **changes})
    for query in ("?limit=1", "", "?after=1"):
        ask(cashier, "GET", f"/v1/payment/deposits?kecamatan={raas.kecamatan}" + query.replace("?", "&"))
    ask(cashier, "GET", "/v1/payment/cash?kecamatan=35.29.01")


def prove(raas, case, signed):
    """What the public sees of a finished case."""
    application, public = case["application"], raas.public
    document = raas.document(application)
    public.get("/v1/track", number=case["number"], code=case["short_code"])
    public.get(f"/v1/verifications/{signed['token']}")
    forged = bytearray(document)
    forged[len(forged) // 3] ^= 1
    for content in (document, bytes(forged), document[:-200], b"%PDF-1.7\nnothing", b"no PDF"):
        ask(public, "POST", "/v1/verifications", content, media_type="application/pdf")
        body, media_type = file_form(content)
        ask(public, "POST", "/v", body, media_type=media_type)
    for path in (f"/v/{signed['token']}", f"/lacak?number={case['number']}&code={case['short_code']}"):
        ask(public, "GET", path)


def a_free_course(raas):
    case = register(raas)
    application = case["application"]
    loket = raas.officer("loket")
    when_there(lambda: loket.fetch(f"/v1/applications/{application}/receipt.pdf"))
    raas.verify(application)
    ask(raas.officer("verifikator"), "GET", f"/v1/verification/tasks/{application}")
    ask(raas.officer("verifikator"), "POST", f"/v1/verification/tasks/{application}/decision", {"outcome": "ok", "attempt": 1})
    signed = draft_and_sign(raas, application)
    ask(raas.officer("camat"), "POST", f"/v1/signing/tasks/{application}/signature", {"sha256": "a" * 64, "passphrase": "salah"})
    raas.hand_over(application)
    ask(raas.officer("penyerahan"), "POST", f"/v1/applications/{application}/handover", {"to": "applicant"})
    prove(raas, case, signed)
    wait_for(lambda: when_there(lambda: loket.get("/v1/notifications", application=application))["messages"], "a message to the applicant")
    for desk in ("loket", "camat", "kasir"):
        ask(raas.officer(desk), "GET", f"/v1/applications/{application}")
    raas.officer("camat").post(f"/v1/documents/{application}/revocation", {"reason": "Keterangan pemohon tidak benar"})
    prove(raas, case, signed)


def a_paid_course(raas, service):
    case = register(raas, service)
    application = case["application"]
    field_check(raas, application, service)
    signed = draft_and_sign(raas, application)
    raas.wait_step(application, "payment")
    collect_and_pay(raas, application)
    raas.wait_step(application, "handover")
    authority = raas.officer("penyerahan").upload(course.small_png(), "surat_kuasa.png", "authority", raas.kecamatan)
    raas.hand_over(application, to="collector", collector={"name": "Abdul Hamid", "nik": "3529220101800002", "authority_file": authority["file"]})
    prove(raas, case, signed)


def road(raas):
    a_paid_course(raas, "izin_penutupan_jalan")


def building(raas):
    ask(raas.officer("loket"), "POST", "/v1/applications", {
        "kecamatan": raas.kecamatan, "service": "pbg_rumah_tinggal", "applicant": applicant(),
        "form": {**course.FORMS["pbg_rumah_tinggal"], "building_area_m2": 120}, "requirements": raas.evidence("pbg_rumah_tinggal")})
    a_paid_course(raas, "pbg_rumah_tinggal")


def incomplete(raas):
    """What is missing at the loket, then at the verifier, then the applicant gives up."""
    evidence = raas.evidence("sktm")
    case = register(raas, requirements=evidence[:1])
    application = case["application"]
    raas.officer("loket").fetch(f"/v1/applications/{application}/missing.pdf")
    raas.case(application)
    raas.complete(application, evidence[1:2])
    raas.complete(application, evidence[2:])
    raas.verify(application, "incomplete", missing=[{"code": "kk", "note": "Kartu Keluarga tidak terbaca"}])
    raas.wait_step(application, "completion")
    ask(raas.officer("verifikator"), "GET", f"/v1/verification/tasks/{application}")
    raas.officer("loket").post(f"/v1/applications/{application}/withdrawal", {"reason": "Pemohon mengurus di desa."})
    raas.case(application)


def refused_for_good(raas):
    application = register(raas)["application"]
    raas.verify(application, "rejected", requirement="ktp", reason="KTP bukan milik pemohon", legal_basis="Perbup 1/2026 Pasal 2")
    wait_for(lambda: raas.case(application)["status"] == "rejected", "the end")
    application = register(raas, "izin_penutupan_jalan")["application"]
    raas.verify(application, "needs_inspection")
    now = wib_now()
    raas.schedule(application, now.date().isoformat())
    raas.inspect(application, course.FINDINGS["izin_penutupan_jalan"], now.isoformat(timespec="seconds"), "rejected",
                 reason="Tidak ada jalan pengganti", legal_basis="Perda 2/2026 Pasal 3")
    wait_for(lambda: raas.case(application)["status"] == "rejected", "the end")


def given_back(raas):
    """Returned by the operator, then by the Sekcam, then by the Camat: parafs and a number become void."""
    application = register(raas)["application"]
    raas.verify(application)
    raas.give_back(application, "Nama pada KK berbeda dengan formulir")
    raas.wait_step(application, "verification")
    raas.verify(application)
    raas.draft(application)
    ask(raas.officer("operator"), "POST", f"/v1/drafting/tasks/{application}/return", {"attempt": 2, "reason": "Sudah dikirim"})
    task = wait_for(lambda: listed(raas.officer("kasi"), "paraf", application), "Kasi's desk")
    ask(raas.officer("sekcam"), "POST", f"/v1/paraf/tasks/{application}/paraf", {"content_sha256": task["content_sha256"]})
    raas.paraf(application, "kasi")
    wait_for(lambda: listed(raas.officer("sekcam"), "paraf", application), "Sekcam's desk")
    raas.officer("sekcam").post(f"/v1/paraf/tasks/{application}/return", {"reason": "Keperluan harus disebut lengkap"})
    raas.wait_step(application, "drafting")
    when_there(lambda: raas.officer("operator").get(f"/v1/drafting/tasks/{application}"))
    ask(raas.officer("operator"), "GET", "/v1/drafting/tasks")
    raas.draft(application, {"purpose": "Pengajuan keringanan biaya pendidikan di MTs Brakas"})
    raas.paraf(application, "kasi")
    raas.paraf(application, "sekcam")
    camat = raas.officer("camat")
    wait_for(lambda: listed(camat, "signing", application), "the Camat's desk")
    camat.post(f"/v1/signing/tasks/{application}/return", {"reason": "Nama anak belum tercantum"})
    raas.wait_step(application, "drafting")
    wait_for(lambda: any(entry["state"] == "void" for entry in camat.get("/v1/numbers", kecamatan=raas.kecamatan)["numbers"]), "a void number")
    ask(camat, "GET", "/v1/numbers", query={"kecamatan": raas.kecamatan, "series": "SKTM", "year": str(datetime.date.today().year), "limit": "1"})


def inboxes(raas):
    """Every list, whole and by pages of one."""
    for desk, path, member in LISTS:
        officer = raas.officer(desk)
        officer.get(path, kecamatan=raas.kecamatan)
        page = officer.get(path, limit="1")
        if page.get("next"):
            officer.get(path, limit="1", after=page["next"])
        ask(officer, "GET", path, query={"limit": "101"})
        ask(officer, "GET", path, query={"kecamatan": "35.29.01"})
    for desk, path, states in (("loket", "/v1/applications", ("incomplete", "registered", "done", "rejected", "withdrawn")),):
        for state in states:
            raas.officer(desk).get(path, status=state)
        raas.officer(desk).get(path, q="Siti")
    for desk, path, states in (("verifikator", "/v1/verification/tasks", ("open", "decided", "closed")),
                               ("teknis", "/v1/inspection/tasks", ("requested", "scheduled", "recorded", "closed")),
                               ("kasi", "/v1/paraf/tasks", ("done", "returned", "closed")),
                               ("camat", "/v1/signing/tasks", ("done", "returned", "closed")),
                               ("kasir", "/v1/payment/bills", ("due", "settled", "cancelled"))):
        for state in states:
            raas.officer(desk).get(path, state=state)


def public_pages(raas):
    public = raas.public
    for path in ("/v1/health", "/v1/kecamatan", "/v1/services"):
        public.get(path)
    public.get("/v1/services", kecamatan=raas.kecamatan)
    for service in course.FORMS:
        public.get(f"/v1/services/{service}", kecamatan=raas.kecamatan)
    for path in ("/v1/services/tidak_ada", "/v1/services?kecamatan=x", "/v1/services?a=1&a=2", "/v1/services/%ff", "/v1/track",
                 "/v1/track?number=1&code=ABCDEF", f"/v1/verifications/{'a' * 20}", "/v1/verifications/x", "/v1/applications",
                 "/v", f"/v?token={'a' * 20}", f"/v/{'a' * 20}", "/v/x", "/v/x?a=1", "/lacak", "/lacak?number=1", "/lacak?number=1&code=ABCDEF",
                 "/", f"/kecamatan/{raas.kecamatan}", f"/kecamatan/{raas.kecamatan}/papan", f"/kecamatan/{raas.kecamatan}/layanan/sktm",
                 f"/kecamatan/{raas.kecamatan}/layanan/sktm/papan", "/kecamatan/35.29.99", "/kecamatan/x/papan", "/kecamatan/35.29.99/layanan/sktm",
                 f"/kecamatan/{raas.kecamatan}/layanan/tidak_ada/papan",
                 "/petugas/index.html", "/petugas/loket", "/petugas/manifest.webmanifest", "/petugas/lambang.svg", "/petugas/tidak-ada.js"):
        ask(public, "GET", path)


def sessions(raas):
    officer = raas.public.sign_in("pemandu.raas", raas.password)
    officer.get("/v1/sessions/current")
    officer.call("DELETE", "/v1/sessions/current")
    ask(officer, "GET", "/v1/sessions/current")
    name = f"tak.dikenal{uuid.uuid4().hex[:8]}"
    for _ in range(7):  # at last 429
        ask(raas.public, "POST", "/v1/sessions", {"username": name, "password": "salah sekali"})
    ask(raas.public, "POST", "/v1/sessions", {"username": name})


def files(raas):
    loket = raas.officer("loket")
    file = loket.upload(course.small_png(), "ktp.png", "requirement", raas.kecamatan)
    content = loket.fetch(f"/v1/files/{file['file']}")
    assert content == course.small_png()
    ask(loket, "GET", f"/v1/files/{NOBODY}")
    query = {"purpose": "requirement", "kecamatan": raas.kecamatan, "name": "ktp.pdf"}
    for content in (b"", b"MZ is no paper", course.small_png() + bytes(5 * 1024 * 1024)):
        ask(loket, "POST", "/v1/files", content, query=query, media_type="application/pdf")
    ask(loket, "POST", "/v1/files", course.small_png(), query={**query, "purpose": "x"}, media_type="image/png")
    ask(loket, "POST", "/v1/files", course.small_png(), query={**query, "kecamatan": "35.29.01"}, media_type="image/png")


def administration(raas):
    chief = admin()
    username = f"uji.{uuid.uuid4().hex[:10]}"
    body = {"username": username, "name": "Petugas Uji", "password": "kata-sandi-uji-1", "place": raas.kecamatan,
            "grants": [{"role": "pemandu", "place": raas.kecamatan}]}
    account = chief.post("/v1/accounts", body)["account"]
    ask(chief, "POST", "/v1/accounts", body)
    chief.put(f"/v1/accounts/{account}/grants", {"grants": [{"role": "informasi", "place": raas.kecamatan, "from": "2026-01-01", "until": "2026-12-31"}]})
    chief.put(f"/v1/accounts/{account}/status", {"status": "disabled"})
    chief.put(f"/v1/accounts/{account}/status", {"status": "active"})
    ask(chief, "PUT", f"/v1/accounts/{NOBODY}/status", {"status": "disabled"})
    ask(chief, "PUT", f"/v1/accounts/{chief.get('/v1/sessions/current')['account']}/status", {"status": "disabled"})
    page = chief.get("/v1/accounts", limit="2")
    chief.get("/v1/accounts", limit="2", after=page["next"])
    chief.get("/v1/accounts", kecamatan=raas.kecamatan, q="camat")
    # An appointment that ended before the demo began: the signers of today stay.
    signer = {"account": account, "kecamatan": raas.kecamatan, "name": "Drs. Uji", "nip": "190001012000011022", "rank": "Pembina (IV/a)",
              "position": "Plh. Camat", "key": "uji.p12", "valid_from": "2001-01-01", "valid_to": "2001-01-31"}
    chief.post("/v1/signers", signer)
    ask(chief, "POST", "/v1/signers", {**signer, "key": "../uji.p12"})


def publications(raas):
    """The demo's own data once more: the same content under the same version is no error."""
    chief = admin()
    for path, name in (("/v1/kecamatan", "kecamatan.json"), ("/v1/holidays", "holidays.json"), ("/v1/workflows", "workflow.json"),
                       ("/v1/services", "services/sktm.json")):
        chief.post(path, demo(name))
        ask(raas.officer("camat"), "POST", path, demo(name))
    service = demo("services/sktm.json")
    ask(chief, "POST", "/v1/services", {**service, "name": "Lain"})
    ask(chief, "POST", "/v1/services", {**service, "code": "rusak", "form_schema": {"type": "objekt"}})
    ask(chief, "POST", "/v1/services", {**service, "code": "rusak", "tariff": {"formula": "1 +"}})
    ask(chief, "POST", "/v1/workflows", {"code": "rusak", "version": 1, "steps": [], "transitions": []})
    template = demo("templates/surat_keterangan_tidak_mampu.json")
    published = chief.get("/v1/templates/surat_keterangan_tidak_mampu")
    chief.post("/v1/templates", {key: published[key] for key in ("code", "version", "template", "constants") if key in published})
    ask(chief, "POST", "/v1/templates", {"code": "surat_keterangan_tidak_mampu", "version": 1, "template": {**template, "name": "Lain"}})
    ask(chief, "POST", "/v1/templates", {"code": "rusak", "version": 1, "template": {**template, "blocks": [{"type": "script"}]}})
    chief.get("/v1/templates/surat_keterangan_tidak_mampu")
    chief.get("/v1/templates/surat_keterangan_tidak_mampu", version="1")
    ask(chief, "GET", "/v1/templates/tidak_ada")


def refusals(raas):
    """Each operation of the officers without a session, and about a case that nobody knows."""
    loket = raas.officer("loket")
    body = {"kecamatan": raas.kecamatan, "service": "sktm", "applicant": applicant(), "form": course.FORMS["sktm"], "requirements": []}
    for change in ({"extra": 1}, {"kecamatan": "35.29.01"}, {"service": "tidak_ada"}, {"applicant": {**applicant(), "nik": "3529223213900001"}},
                   {"requirements": [{"code": "paspor", "original_seen": True}]}, {"requirements": [{"code": "ktp", "file": NOBODY}]}):
        ask(loket, "POST", "/v1/applications", {**body, **change})
    ask(loket, "POST", "/v1/applications", body, key=None)
    for content in (b"{", b"[" * 40, b'{"a":1,"a":2}', b'{"a":"\xff"}', b'{"a":"\\u0000"}', b'{"a":"' + b"x" * 70000 + b'"}'):
        ask(loket, "POST", "/v1/applications", content, media_type="application/json")
    ask(loket, "POST", "/v1/applications", b"<a/>", media_type="text/xml")
    key = str(uuid.uuid4())
    first = {**body, "requirements": [{"code": "ktp", "original_seen": True}]}
    ask(loket, "POST", "/v1/applications", first, key=key)
    ask(loket, "POST", "/v1/applications", first, key=key)
    ask(loket, "POST", "/v1/applications", {**first, "form": {**body["form"], "purpose": "Lain"}}, key=key)


def strangers(raas):
    """Every described operation by nobody, by an officer of the wrong desk, and about a case that nobody knows."""
    clients = (Paten(URL), Paten(URL, "not-a-token"), raas.officer("pemandu"), raas.officer("loket"), raas.officer("camat"))
    for (method, path), operation in sorted(OPERATIONS.items()):
        if operation.get("security") == [] or path in ("/v1/sessions/current", "/v1/changes"):  # a stream: tests/flow/test_changes.py
            continue
        address = path.replace("{template}", "tidak_ada").replace("{file}", NOBODY).replace("{account}", NOBODY).replace("{application}", NOBODY)
        media = operation.get("requestBody", {}).get("content", {}).get("application/json")
        for client in clients:
            ask(client, method, address, sample_body(operation["operationId"]) if media else None)


def too_early(raas):
    """Whatever can be read of a case, by every desk, while it has only been registered, and after it ended without a document."""
    desks = ("pemandu", "loket", "verifikator", "teknis", "operator", "kasi", "sekcam", "camat", "kasir", "penyerahan")
    paths = [path for method, path in OPERATIONS if method == "GET" and "{application}" in path]
    cases = [register(raas, service)["application"] for service in course.FORMS]
    cases.append(register(raas, requirements=raas.evidence("sktm")[:1])["application"])
    for withdrawn in (False, True):
        for application in cases:
            if withdrawn:
                raas.officer("loket").post(f"/v1/applications/{application}/withdrawal", {"reason": "Pemohon mengurus di desa."})
            for desk in desks:
                for path in paths:
                    ask(raas.officer(desk), "GET", path.replace("{application}", application))


def sample_body(method):
    return load(f"requests/{method}.json")["examples"][0]["body"]


PARTS = (public_pages, sessions, files, administration, publications, a_free_course, road, building, incomplete, refused_for_good, given_back,
         refusals, strangers, too_early, inboxes)


def walk():
    """Walks all parts; returns what stopped them: part -> exception."""
    stopped = {}
    for part in PARTS:
        try:
            part(office())
        except Exception as error:  # the other parts still tell
            stopped[part.__name__] = f"{type(error).__name__}: {error}"
    return stopped
