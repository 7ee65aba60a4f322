"""What roles and scopes are called."""

from __future__ import annotations

from charter.core.actor import Role
from charter.core.i18n import N_

__all__ = ["ROLES", "SCOPES"]

ROLES: dict[Role, str] = {
    Role.WORKER: N_("工友"), Role.EMPLOYER: N_("企业经办人"), Role.HOTLINE: N_("热线坐席"),
    Role.ORIGIN_PARTNER: N_("输出地合作单位"), Role.VOLUNTEER: N_("志愿者"), Role.SCANNER: N_("扫码手机"),
    Role.DISTRICT_ORGANIZER: N_("区总工会组织者"), Role.CITY_ORGANIZER: N_("市总工会组织者"),
    Role.ADMINISTRATOR: N_("系统管理员"), Role.SECURITY_MANAGER: N_("安全管理员"), Role.AUDITOR: N_("审计员"),
    Role.FUNDS_AUDITOR: N_("经费审查员")}
SCOPES = {None: N_("全部"), "campaign": N_("活动"), "district": N_("行政区"), "employer": N_("企业"),
          "partner": N_("合作单位"), "worker": N_("工友本人"), "departure": N_("班次")}
