#!/usr/bin/python3
"""A fourth service by data alone: published through the administrator's interface, then walked to its signed document."""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import ROOT, Case, admin, applicant, main, office  # noqa: E402

CODE = "rekomendasi_keramaian"
TEMPLATE = {
    "name": "Rekomendasi Izin Keramaian", "page": {"size": "A4", "font": "Liberation Serif", "font_size_pt": 12},
    "blocks": [
        {"type": "title", "text": "REKOMENDASI IZIN KERAMAIAN", "number": "Nomor: {{document.number}}"},
        {"type": "p", "text": "Camat {{kecamatan.name}} memberikan rekomendasi kepada <b>{{applicant.name}}</b> untuk "
                              "{{form.event}} pada {{form.held_on|day_date}}."},
        {"type": "p", "text": "{{signer.name}}"},
    ],
}
SERVICE = {
    "code": CODE, "version": 1, "name": "Rekomendasi Izin Keramaian", "valid_from": "2026-01-01",
    "workflow": {"code": "paten-standar", "version": 1},
    "published": {
        "description": "Rekomendasi untuk izin keramaian dari kepolisian.",
        "requirements": [{"code": "ktp", "name": "KTP-el penanggung jawab", "how": "original", "mandatory": True, "note": "Asli."}],
        "procedure": ["Loket", "Verifikasi", "Paraf", "Tanda tangan"], "duration": {"minutes": 30}, "cost": "GRATIS",
        "product": "Rekomendasi", "complaint_channel": "SP4N-LAPOR!", "legal_basis": ["PP 17/2018"],
    },
    "form_schema": {"type": "object", "properties": {"event": {"type": "string", "minLength": 3, "maxLength": 100},
                                                     "held_on": {"type": "string", "format": "date"}},
                    "required": ["event", "held_on"], "additionalProperties": False},
    "facts": {}, "limits": [], "field_check": False, "tariff": None,
    "steps": {"inspection": {"findings_schema": {"type": "object"}, "measured": []},
              "drafting": {"template": CODE, "template_version": 1, "series": "RIK",
                           "number_format": "300.1.1/{nomor:4}/{unit}/{tahun}"}},
}


class FourthService(Case):
    def test_published_and_walked(self):
        chief = admin()
        sktm = json.loads((ROOT / "deploy" / "demo.d" / "services" / "sktm.json").read_text())
        self.assertEqual(set(SERVICE) - set(sktm), set(), "the fourth service has the members of the first")
        chief.post("/v1/templates", {"code": CODE, "version": 1, "template": TEMPLATE})
        chief.post("/v1/services", SERVICE)
        chief.post("/v1/services", SERVICE)  # the same content again is no error
        self.refused("version_exists", chief.post, "/v1/services", {**SERVICE, "name": "Lain"})

        raas = office()
        form = {"event": "pagelaran topeng dalang", "held_on": "2026-12-19"}
        self.refused("schema_violation", raas.register, CODE, {**form, "held_on": "besok"}, applicant())
        application = raas.register(CODE, form, applicant())["application"]
        raas.verify(application)
        signed = raas.issue(application)
        self.assertRegex(signed["number"], r"^300\.1\.1/\d{4}/.+/\d{4}$")
        raas.hand_over(application)
        self.assertTrue(raas.public.call("POST", "/v1/verifications", raas.document(application),
                                         media_type="application/pdf").json["valid"])

    def test_what_could_not_work_is_not_published(self):
        chief = admin()
        broken = {**SERVICE, "code": "rusak"}
        self.refused("schema_invalid", chief.post, "/v1/services",
                     {**broken, "form_schema": {"type": "objekt"}})
        drafting = SERVICE["steps"]["drafting"]
        for numbering in ({"number_format": "400.9.14.1/{nomor:3}/{unit}/{bulan_romawi}/{tahun}"}, {"number_format": "300/{nomor}"},
                          {"number_format": "300/{tahun}"}):
            self.refused("numbering_invalid", chief.post, "/v1/services",
                         {**broken, "steps": {**SERVICE["steps"], "drafting": {**drafting, **numbering}}})
        for workflow, why in (
            ({"steps": [], "transitions": []}, "nothing"),
            ({"steps": [{"step": "verification", "station": "verification", "role": "verifikator"}],
              "transitions": [{"from": "start", "outcome": "registered", "to": "verification"}]}, "no end is reachable"),
        ):
            with self.assertRaises(Exception, msg=why) as caught:
                chief.post("/v1/workflows", {"code": "rusak", "version": 1, **workflow})
            self.assertIn(caught.exception.code, ("workflow_invalid", "schema_violation"), why)
        self.refused("forbidden_role", office().officer("camat").post, "/v1/services", broken)
        template = {**TEMPLATE, "blocks": [{"type": "script", "text": "x"}]}
        with self.assertRaises(Exception) as caught:
            chief.post("/v1/templates", {"code": "rusak", "version": 1, "template": template})
        self.assertIn(caught.exception.code, ("template_invalid", "schema_violation"))


if __name__ == "__main__":
    main()
