"""`manage.py scheme …`: kept versions of schemes without a browser — listed, shown, checked, saved anew, put to use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from command_line import Command, UserError, commands, print_json, print_table, say, write_file
from data.problems import Problem, has_errors
from data.safe_reading import read_scheme_sheet_safely
from data.scheme_sheet import text_of_sheet, to_scheme_sheet
from data.schemes import kept_source, known_versions, save_scheme, scheme_versions, use_scheme
from manage_as import Here, opened_unless_serving
from scoring.effective import effective_weights
from scoring.scheme import Scheme, SchemeError, parse_scheme
from scoring.scheme_differences import Difference, differences
from scoring.scheme_edit import Fault, check_text, edited, next_version

FINE, FAULTY = 0, 1
KINDS = {"system": "责任制", "dimension": "维度", "indicator": "指标"}
WRONG = {"place": "条目或单元格", "field": "字段", "text": "问题"}
CHANGED = {
    "kind": "类别",
    "id": "编号",
    "title": "名称",
    "field": "字段",
    "before": "原",
    "now": "现",
    "affects": "影响",
}

app = commands(name="scheme", title="考核方案。")

JsonOption = Annotated[bool, typer.Option("--json", help="在标准输出上只输出一个 JSON 文档")]
IdOption = Annotated[str, typer.Option("--id", help="方案编号，如 heilongjiang-2026")]
VersionOption = Annotated[str, typer.Option("--version", help="版本号，如 2026.2")]
BaseOption = Annotated[
    tuple[str, str] | None,
    typer.Option("--base", help="对照的版本：方案编号 版本号", metavar="编号 版本", show_default=False),
]
CycleOption = Annotated[
    int | None, typer.Option("--cycle", help="对照这个年度所用的版本，如 2026", show_default=False)
]
FileArgument = Annotated[
    Path,
    typer.Argument(help="方案文件（.toml）或改过的方案工作簿（.xlsx）", metavar="文件", show_default=False),
]


@dataclass(frozen=True)
class Kept:
    """A kept version: its text and what the text says."""

    source: str
    scheme: Scheme


@dataclass(frozen=True)
class Checked:
    """A file against its base: the scheme's text and what it says (None where faulty), what is wrong, what differs."""

    text: str
    scheme: Scheme | None
    base: Kept | None
    wrong: Sequence[dict[str, str]]
    changed: Sequence[Difference]


INSTEAD = "方案在网页的“方案与权重”"


@app.command("list", cls=Command)
def list_versions(as_json: JsonOption = False) -> None:
    """列出保存过的方案版本：谁、何时、为什么保存，哪些年度在用。"""
    with opened_unless_serving("scheme list", instead=INSTEAD) as here:
        kept = scheme_versions(here.whole)
    rows = [
        {
            "id": row.scheme_id,
            "version": row.version,
            "title": row.title,
            "saved_at": f"{row.saved_at:%Y-%m-%d %H:%M}",
            "account": row.account,
            "reason": row.reason,
            "cycles": [int(cycle) for cycle in row.cycles],
        }
        for row in kept.itertuples(index=False)
    ]
    if as_json:
        print_json({"versions": rows})
        return
    columns = {
        "id": "方案",
        "version": "版本",
        "cycles": "使用年度",
        "saved_at": "保存时间",
        "account": "保存人",
    }
    print_table(
        columns | {"reason": "理由"},
        [row | {"cycles": "、".join(map(str, row["cycles"])) or "—"} for row in rows],
    )


@app.command(cls=Command)
def show(scheme_id: IdOption, version: VersionOption, as_json: JsonOption = False) -> None:
    """显示一个版本：概要，以及各责任制、维度、指标在每类单位满分中的实际占比。"""
    with opened_unless_serving("scheme show", instead=INSTEAD) as here:
        scheme = _kept(here, scheme_id, version).scheme
    summary = {
        "id": scheme.id,
        "version": scheme.version,
        "title": scheme.title,
        "weights_note": scheme.weights_note,
        "systems": [{"id": s.id, "name": s.name, "weight": s.weight} for s in scheme.systems],
        "indicators": len(scheme.indicators),
        "points": sum(i.points for i in scheme.indicators),
    }
    weights = [asdict(each) for each in effective_weights(scheme)]
    if as_json:
        print_json(summary | {"effective_weights": weights})
        return
    typer.echo(f"{scheme.title}（{scheme.id} {scheme.version}）")
    typer.echo(scheme.weights_note)
    typer.echo(f"指标 {summary['indicators']} 项，分值合计 {summary['points']:g}")
    shown: dict[tuple[str, str], dict[str, Any]] = {}
    for each in weights:
        start = {"kind": KINDS[each["kind"]], "id": each["id"], "title": each["title"]}
        shown.setdefault((each["kind"], each["id"]), start)[each["category"]] = f"{each['share']:.2%}"
    names = {category.id: category.name for category in scheme.categories}
    print_table({"kind": "部分", "id": "编号", "title": "名称"} | names, list(shown.values()))


@app.command(cls=Command)
def export(
    scheme_id: IdOption,
    version: VersionOption,
    out: Annotated[Path, typer.Option("--out", help="写到这个 .toml 或 .xlsx 文件")],
) -> None:
    """写出一个版本：.toml 是原文，.xlsx 是可以修改后再交回来的工作簿。"""
    suffix = _suffix(out)
    with opened_unless_serving("scheme export", instead=INSTEAD) as here:
        kept = _kept(here, scheme_id, version)
    write_file(out, kept.source.encode("utf-8") if suffix == ".toml" else to_scheme_sheet(kept.scheme))
    say(f"已写出 {out}（方案 {scheme_id} {version}）")


@app.command(cls=Command)
def check(
    file: FileArgument, base: BaseOption = None, cycle: CycleOption = None, as_json: JsonOption = False
) -> None:
    """检查一份方案，并逐项列出与对照版本的不同；什么也不保存。退出码：0 没有错误，1 有错误，2 读不了。"""
    with opened_unless_serving("scheme check", instead=INSTEAD) as here:
        checked = _check(here, file, base=base, cycle=cycle)
    _print_checked(checked, as_json=as_json)
    raise typer.Exit(FINE if checked.scheme else FAULTY)


@app.command("import", cls=Command)
def import_scheme(
    file: FileArgument,
    reason: Annotated[str, typer.Option("--reason", help="为什么改、依据什么")],
    base: BaseOption = None,
    cycle: CycleOption = None,
    as_json: JsonOption = False,
) -> None:
    """检查后另存为新版本，保存过的版本从不改动；工作簿自动取下一个版本号。"""
    with opened_unless_serving("scheme import", instead=INSTEAD) as here:
        checked = _check(here, file, base=base, cycle=cycle)
        if checked.scheme is None:
            _print_checked(checked, as_json=as_json)
            raise typer.Exit(FAULTY)
        text, scheme = checked.text, checked.scheme
        known = known_versions(here.whole, scheme_id=scheme.id)
        if _suffix(file) == ".xlsx":
            if not checked.changed:
                raise UserError(f"{file} 与方案 {scheme.id} {scheme.version} 没有不同，不必另存")
            text = edited(text, {"version": next_version(scheme.version, known=known)})
        elif scheme.version in known:
            raise UserError(
                f"方案 {scheme.id} {scheme.version} 已经保存过，保存过的版本不能改动："
                f"请把 {file} 中的 version 改为 {next_version(scheme.version, known=known)} 后再导入"
            )
        saved = save_scheme(here.whole, text, reason=reason, actor=here.person.actor)
    if as_json:
        print_json({"id": saved.id, "version": saved.version, "differences": _rows(checked)})
        return
    _print_checked(checked, as_json=False)
    say(f"已另存为方案 {saved.id} {saved.version}；还没有年度使用，用 scheme use 启用")


@app.command(cls=Command)
def use(
    cycle: Annotated[int, typer.Option("--cycle", help="考核年度，如 2026")],
    scheme_id: IdOption,
    version: VersionOption,
    reason: Annotated[str, typer.Option("--reason", help="为什么改用、依据什么")],
) -> None:
    """一个年度改用另一个保存过的版本，得分随即按它重算；已公布的结果不变。"""
    with opened_unless_serving("scheme use", instead=INSTEAD) as here:
        use_scheme(
            here.whole,
            cycle=cycle,
            scheme_id=scheme_id,
            version=version,
            reason=reason,
            actor=here.person.actor,
        )
    say(f"{cycle} 年度改用方案 {scheme_id} {version}，得分按它重算；已公布的结果不变")


def _suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in (".toml", ".xlsx"):
        raise UserError(f"{path} 不是 .toml 或 .xlsx 文件：请核对文件名")
    return suffix


def _kept(here: Here, scheme_id: str, version: str) -> Kept:
    source = kept_source(here.whole, scheme_id=scheme_id, version=version)
    if source is None:
        raise UserError(f"没有保存过方案 {scheme_id} {version}：请用 scheme list 查看有哪些版本")
    return Kept(source, parse_scheme(source, name=f"{scheme_id} {version}"))


def _base(here: Here, base: tuple[str, str] | None, cycle: int | None) -> Kept | None:
    if base is not None and cycle is not None:
        raise UserError("--base 和 --cycle 只能写一个：请去掉其中一个")
    if cycle is not None:
        now = here.whole.cycle(cycle)
        base = (now.scheme_id, now.version)
    return _kept(here, *base) if base is not None else None


def _check(here: Here, file: Path, *, base: tuple[str, str] | None, cycle: int | None) -> Checked:
    """Raises UserError where the file or the base cannot be read at all."""
    suffix, against = _suffix(file), _base(here, base, cycle)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UserError(f"读不了 {file}（{error.strerror}）：请核对路径和权限") from error
    if suffix == ".xlsx":
        if against is None:
            raise UserError("工作簿要对照一个版本才能读：请加 --base 编号 版本，或 --cycle 年度")
        return _check_workbook(content, against, name=file.name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{file} 不是 UTF-8 编码：请用文本编辑器另存为 UTF-8") from error
    scheme, faults = check_text(text, name=file.name)
    return _checked(text, scheme, against, [_fault(fault) for fault in faults])


def _check_workbook(content: bytes, base: Kept, *, name: str) -> Checked:
    found, problems = read_scheme_sheet_safely(content, scheme=base.scheme, filename=name)
    if found is None:
        raise UserError(f"读不了 {name}：{'；'.join(p.message for p in problems)}")
    try:
        text, scheme, faults = text_of_sheet(base.source, base.scheme, *found)
    except SchemeError as error:
        raise UserError(str(error)) from error
    problems = [*problems, *faults]
    if has_errors(problems):
        scheme = None
    return _checked(text, scheme, base, [_problem(problem) for problem in problems])


def _checked(text: str, scheme: Scheme | None, base: Kept | None, wrong: list[dict[str, str]]) -> Checked:
    changed = differences(base.scheme, scheme) if base and scheme else []
    return Checked(text, scheme, base, wrong, changed)


def _fault(fault: Fault) -> dict[str, str]:
    return {"severity": "error", "place": fault.place, "field": fault.field, "text": fault.text}


def _problem(problem: Problem) -> dict[str, str]:
    return {"severity": problem.severity, "place": problem.place, "field": "", "text": problem.message}


def _rows(checked: Checked) -> list[dict[str, str]]:
    return [asdict(each) for each in checked.changed]


def _print_checked(checked: Checked, *, as_json: bool) -> None:
    base = f"{checked.base.scheme.id} {checked.base.scheme.version}" if checked.base else None
    if as_json:
        print_json(
            {
                "ok": checked.scheme is not None,
                "base": base,
                "problems": list(checked.wrong),
                "differences": _rows(checked),
            }
        )
        return
    if checked.wrong:
        print_table(WRONG, list(checked.wrong))
    if checked.scheme is None:
        say("有错误，什么也没有保存：请按上面所列改正后再来")
    elif base is None:
        say("没有错误；加 --base 编号 版本 或 --cycle 年度，可逐项列出不同之处")
    elif checked.changed:
        print_table(CHANGED, _rows(checked))
        say(f"没有错误；与方案 {base} 有 {len(checked.changed)} 处不同")
    else:
        say(f"没有错误；与方案 {base} 没有不同")
