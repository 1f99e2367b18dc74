"""What a problem is called whatever the case (RFC 9457 `title`), where its sentence tells particulars (`detail`)."""

from __future__ import annotations

TITLES: dict[str, tuple[str, str]] = {
    "bad_query": ("Saringan tidak dapat dipakai.", "A filter cannot be used."),
    "too_large": ("Permintaan terlalu besar.", "The request is too large."),
    "forbidden_role": ("Ini hanya untuk peran lain.", "This is for another role only."),
    "forbidden_scope": ("Token ini tidak mencakup yang diminta.", "This token does not cover what was asked for."),
    "no_account": ("Akun itu tidak ada.", "There is no such account."),
    "unknown_area": ("Tidak ada wilayah dengan kode BPS itu.", "There is no area with that BPS code."),
    "account_taken": ("Akun, atau identitasnya di penyedia akun instansi, sudah dipakai.",
                      "The account, or its identity at the provider, is taken."),
    "reset_first": ("Cara masuk akun ini ditetapkan administrator wilayah yang lebih sempit.",
                    "How this account signs in was set by the administrator of a smaller area."),
    "no_token": ("Tidak ada token yang masih berlaku dengan awalan itu.",
                 "There is no token that holds and begins so."),
    "bad_scenario": ("Skenario melanggar aturan.", "The scenario breaks a rule."),
    "not_alike": ("Skenario ini tidak dapat dibandingkan.", "These scenarios cannot be compared."),
    "not_lived": ("Skenario itu tidak punya hasil.", "That scenario has no result."),
    "scenario_ended": ("Skenario itu sudah selesai, gagal, atau dibatalkan.",
                       "That scenario is finished, failed, or was cancelled."),
    "older_result": ("Skenario itu dihitung oleh versi Jaga yang lebih lama.",
                     "That scenario was lived by an older version of Jaga."),
    "busy": ("Layanan sedang padat.", "The service is busy."),
    "locked_out": ("Terlalu banyak percobaan.", "Too many attempts."),
    "too_many_requests": ("Permintaan terlalu sering.", "Too many requests."),
    "scenarios_wait": ("Skenario Anda yang menunggu sudah sebanyak yang boleh sekaligus.",
                       "As many scenarios of yours wait as may at a time."),
}  # fmt: skip
"""Code to what it is called in Bahasa Indonesia and English; of the others the sentence is the same in every case."""
