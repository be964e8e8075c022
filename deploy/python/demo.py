#!/usr/bin/python3
"""Walks the three services of the demo kabupaten from the loket to the handover, over HTTP, a line for each step:
demo.py URL FOLDER PASSWORD.  The PDFs that came out are kept in FOLDER."""
import datetime
import sys
import time
from pathlib import Path

import course
from paten import Paten, Problem, wait_for, when_there

url, folder, password = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
folder.mkdir(parents=True, exist_ok=True)
office = course.Office(url, "35.29.22", "raas", password)
public = Paten(url)
began = time.monotonic()
kept = []


def now():
    return datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7)))


def tell(who, what):
    print(f"  {time.monotonic() - began:6.2f} s  {who:<22} {what}", flush=True)


def keep(name, content):
    path = folder / name
    path.write_bytes(content)
    kept.append(path)
    return path


def money(rupiah):
    return "Rp " + f"{rupiah:,}".replace(",", ".")


def register(service, form, applicant):
    case = office.register(service, form, applicant)
    promise = "please wait" if case.get("wait") else f"promised for {case['promised_on']}"
    tell("Loket", f"registers {case['number']} (code {case['short_code']}), {promise}")
    for warning in case.get("warnings", []):
        tell("", f"warning: {warning.get('detail', warning)}")
    application = case["application"]
    keep(f"{service}_tanda_terima.pdf", when_there(lambda: office.officer("loket").fetch(f"/v1/applications/{application}/receipt.pdf")))
    return case


def inspect(application, service, findings):
    visit = office.schedule(application, now().date().isoformat())
    tell("Petugas teknis", f"schedules the field check, letter of assignment {visit['letter_number']}")
    keep(f"{service}_surat_tugas.pdf", office.officer("teknis").fetch(f"/v1/inspection/tasks/{application}/letter.pdf"))
    office.inspect(application, findings, now().isoformat(timespec="seconds"))
    tell("Petugas teknis", "records findings, a photo and the position: " + ", ".join(f"{k} = {v}" for k, v in findings.items()))


def draft_and_sign(application, service, data=None):
    office.draft(application, data)
    tell("Operator", "fills the template and submits the draft")
    keep(f"{service}_draf.pdf", office.officer("operator").fetch(f"/v1/documents/{application}/draft.pdf"))
    office.paraf(application, "kasi")
    tell("Kasi Pelayanan", "compares with the requirements, puts the paraf")
    office.paraf(application, "sekcam")
    tell("Sekcam", "sees Kasi's paraf, puts the second")
    signed = office.sign(application)
    tell("Camat", f"signs the very bytes shown: number {signed['number']}, SHA-256 {signed['sha256'][:16]}…")


def pay(application, service):
    bill = wait_for(lambda: office.bill(application), "the bill")["bill"]
    keep(f"{service}_skrd.pdf", office.officer("kasir").fetch(f"/v1/payment/bills/{application}/skrd.pdf"))
    try:
        office.officer("penyerahan").post(f"/v1/applications/{application}/handover", {"to": "applicant"})
    except Problem as problem:
        tell("Penyerahan", f"tries to hand over: {problem.problem['detail']}")
    received = -(-bill["amount_rupiah"] // 50000) * 50000
    receipt = office.pay(application, received)
    tell("Kasir", f"takes {money(received)} for {money(bill['amount_rupiah'])}, gives back {money(receipt['change_rupiah'])}: {receipt['receipt_number']}")
    keep(f"{service}_tbp.pdf", office.officer("kasir").fetch(f"/v1/payment/bills/{application}/receipt.pdf"))


def finish(case, service):
    application = case["application"]
    office.hand_over(application)
    tell("Penyerahan", "hands the document over to the applicant")
    path = keep(f"{service}_bertanda_tangan.pdf", office.document(application))
    status = public.get("/v1/track", number=case["number"], code=case["short_code"])
    tell("Citizen", f"tracks without an account: {status['status_text']}")
    proof = public.call("POST", "/v1/verifications", path.read_bytes(), media_type="application/pdf").json
    tell("Anyone", f"uploads the PDF: {proof['explanation']} (valid: {proof['valid']})")
    forged = bytearray(path.read_bytes())
    forged[len(forged) // 3] ^= 1
    proof = public.call("POST", "/v1/verifications", bytes(forged), media_type="application/pdf").json
    tell("Anyone", f"uploads it with one bit changed: {proof['explanation']} (valid: {proof['valid']})")


def sktm():
    print("Surat Keterangan Tidak Mampu: free, no field check, minutes")
    case = register("sktm", course.FORMS["sktm"], course.APPLICANT)
    office.verify(case["application"])
    tell("Verifikator", "finds the file complete")
    draft_and_sign(case["application"], "sktm")
    finish(case, "sktm")


def road():
    print("Izin Penutupan Jalan Kabupaten: field check, width x length x Rp 500 per m2, 1 working day")
    case = register("izin_penutupan_jalan", course.FORMS["izin_penutupan_jalan"], course.APPLICANT)
    office.verify(case["application"], "needs_inspection")
    tell("Verifikator", "asks for a field check")
    inspect(case["application"], "izin_penutupan_jalan", course.FINDINGS["izin_penutupan_jalan"])
    draft_and_sign(case["application"], "izin_penutupan_jalan")
    pay(case["application"], "izin_penutupan_jalan")
    finish(case, "izin_penutupan_jalan")


def building():
    print("PBG rumah tinggal up to 100 m2: field check, 14 working days")
    too_large = {**course.FORMS["pbg_rumah_tinggal"], "building_area_m2": 120}
    try:
        office.register("pbg_rumah_tinggal", too_large, course.APPLICANT)
    except Problem as problem:
        tell("Loket", f"120 m2 is refused: {problem.problem['detail']}")
    case = register("pbg_rumah_tinggal", course.FORMS["pbg_rumah_tinggal"], course.APPLICANT)
    office.verify(case["application"], "needs_inspection")
    tell("Verifikator", "asks for a field check")
    inspect(case["application"], "pbg_rumah_tinggal", course.FINDINGS["pbg_rumah_tinggal"])
    draft_and_sign(case["application"], "pbg_rumah_tinggal")
    pay(case["application"], "pbg_rumah_tinggal")
    finish(case, "pbg_rumah_tinggal")


for walk in (sktm, road, building):
    walk()
print("The PDFs that came out:")
for path in kept:
    print(f"  {path}")
