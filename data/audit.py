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
    "return": "退回补正",
    "stage": "审核环节",
    "sample": "抽查",
    "task": "整改任务",
    "objection": "异议",
    "grade": "等次",
    "publish": "公布",
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
# Where an act came from when it was no address of a network.
ORIGIN_NAMES = {"local": "命令行", "inbox": "收件箱", "daily": "每日备份"}
# The program's own accounts; nobody signs in as one of them, but whoever holds the machine.
PROGRAM_ACCOUNTS = {"local": "本机管理员", "backup": "每日备份", "inbox": "收件箱"}
# How the log names the settings of a runtime folder; another one stands there under its own name.
SETTING_NAMES = {
    "is_demo": "演示数据标记",
    "backup_hour": "每日备份的钟点",
    "backup_keep": "保留备份的份数",
}
