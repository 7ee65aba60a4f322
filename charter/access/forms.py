"""What the sign-in pages take: a phone, a code, a name with its password."""

from __future__ import annotations

from charter.core.i18n import N_

__all__ = ["WRONG_CODE", "WRONG_PASSWORD", "WRONG_PHONE", "clean_code", "clean_phone"]

WRONG_PHONE = N_("手机号应为 11 位，以 1 开头")
WRONG_CODE = N_("验证码不对或已过期，请再试一次或重新获取")
WRONG_PASSWORD = N_("用户名、密码或动态码不对")


def clean_phone(written: str) -> str | None:
    """11 digits of a mainland mobile phone, or None; blanks, hyphens and +86 are taken out."""
    digits = written.replace(" ", "").replace("-", "").removeprefix("+86").removeprefix("0086")
    fits = len(digits) == 11 and digits.isascii() and digits.isdigit() and digits[0] == "1" and digits[1] in "3456789"
    return digits if fits else None


def clean_code(written: str) -> str:
    """A code's digits; whatever is no six digits stays wrong."""
    digits = "".join(written.split())
    return digits if len(digits) == 6 and digits.isascii() and digits.isdigit() else "------"
