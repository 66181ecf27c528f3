-- one row per file that was handed in, newest first
select
    receipt.recorded_at as at, receipt.filename, receipt.unit, unit.name as unit_name, receipt.status,
    case receipt.status when 'refused' then '退回' when 'warned' then '已接收（有提醒）' else '已接收' end as status_name,
    receipt.errors as n_errors, receipt.warnings as n_warnings, receipt.sha256, receipt.receipt, receipt.submission,
    receipt.template_version, receipt.account, receipt.origin,
    case receipt.origin when 'local' then 'command' when 'inbox' then 'inbox' else 'web' end as source,
    case receipt.origin when 'local' then '命令行' when 'inbox' then '收件箱' else '网页' end as source_name
from receipt
left join unit on unit.cycle = receipt.cycle and unit.unit = receipt.unit
where receipt.cycle = $cycle
    and ($unit is null or receipt.unit = $unit)
order by receipt.receipt desc
limit $most;
