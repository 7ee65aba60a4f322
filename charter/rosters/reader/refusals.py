"""Why a whole file was refused, in words for the clerk who handed it in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from charter.core.i18n import N_
from charter.core.problems import Problem

__all__ = ["BY_CODE", "Refused"]


class Refused(Problem):
    """The file cannot be read as a list at all; nothing of it is used. `sample` are its first rows (number, texts),
    where somebody might say what their columns are."""

    sample: Sequence[Any] = ()
    status, code, message = 422, "roster_unreadable", N_("这个文件无法作为名单读取")

    def text(self) -> str:
        """One clear line in Chinese."""
        return self.message % self.params if self.params else self.message


class FileTooLarge(Refused):
    code, message = "roster_too_large", N_("文件超过 50 MB，请拆成几个文件再上传")


class TooManyRows(Refused):
    code, message = "roster_too_many_rows", N_("名单超过 200,000 行，请拆成几个文件再上传")


class ContentTooLarge(Refused):
    code, message = "roster_content_too_large", N_("文件解压后的内容过大，没有读取；请只保留名单，另存后再上传")


class TooSlow(Refused):
    code, message = "roster_too_slow", N_("读取这个文件用时过长，已停止；请只保留名单，另存为 .xlsx 后再上传")


class Encrypted(Refused):
    code, message = "roster_encrypted", N_("文件有打开密码；请取消密码保护，另存后再上传")


class Forbidden(Refused):
    code, message = "roster_entities", N_("文件中含有外部实体或 DTD 声明，没有读取；请另存为 .xlsx 后再上传")


class WebPage(Refused):
    code, message = "roster_html", N_("这是网页或 XML 文件，不是表格；请在 WPS 或 Excel 中打开，另存为 .xlsx 后再上传")


class Picture(Refused):
    code, message = "roster_image", N_("这是图片，不是表格；请上传 .xlsx、.xls、.ods 或 .csv 文件")


class Document(Refused):
    code, message = "roster_pdf", N_("这是 PDF 文件，不是表格；请上传 .xlsx、.xls、.ods 或 .csv 文件")


class OtherKind(Refused):
    code, message = "roster_other_kind", N_("这不是可以读取的表格；请上传 .xlsx、.xls、.ods 或 .csv 文件")


class Damaged(Refused):
    code, message = "roster_damaged", N_("文件已损坏，无法读取；请在 WPS 或 Excel 中打开并另存后再上传")


class Undecodable(Refused):
    code, message = "roster_undecodable", N_("文本文件中有无法识别的字符；请另存为 UTF-8 编码的 CSV，或 .xlsx 后再上传")


class Empty(Refused):
    code, message = "roster_empty", N_("文件是空的")


class NoHeader(Refused):
    code, message = "roster_no_header", N_("没有找到表头：前 50 行中应有一行写着“姓名”，以及“身份证号”或“手机号”")


class Unreachable(Refused):
    code, message = "roster_unreachable", N_("文件不存在或无法打开")


BY_CODE: dict[str, type[Refused]] = {
    "too_large": FileTooLarge, "too_many_rows": TooManyRows, "content_too_large": ContentTooLarge, "too_slow": TooSlow,
    "encrypted": Encrypted, "entities": Forbidden, "html": WebPage, "image": Picture, "pdf": Document,
    "other_kind": OtherKind, "damaged": Damaged, "undecodable": Undecodable, "empty": Empty, "no_header": NoHeader,
    "unreachable": Unreachable,
}
