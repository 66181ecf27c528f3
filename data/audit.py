"""What the audit log names: the acts that somebody has to answer for, and how each ended."""

from __future__ import annotations

ACTIONS = {
    "sign-in": "登录",
    "sign-out": "退出",
    "upload": "上传自评表",
    "download": "下载",
    "register": "登记单位",
    "review": "复核",
    "finding": "认定事项",
    "account": "账号变更",
    "password": "修改密码",
    "cycle": "年度变更",
    "scheme": "方案变更",
    "setting": "设置变更",
    "backup": "备份",
    "restore": "恢复",
    "rebuild": "重建",
    "clock": "时间校正",
    "denied": "越权被拒",
}
OUTCOMES = {"ok": "成功", "refused": "未通过", "failed": "失败"}
