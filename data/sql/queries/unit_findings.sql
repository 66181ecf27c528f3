-- one row per confirmed finding, veto or commendation of the unit: the scheme's points and those applied (before caps)
select
    finding.finding, scheme_finding.kind, scheme_finding.name, scheme_finding.place, scheme_finding.points,
    case scheme_finding.kind
        when 'deduction' then
            scheme_finding.points
            * case when is_overdue then scheme_rule.overdue_factor else 1 end
            * case when is_aggravated then scheme_rule.aggravation_factor else 1 end
        when 'veto' then 0
        else scheme_finding.points
    end as applied,
    case scheme_finding.kind when 'deduction' then '扣分' when 'veto' then '一票否决' else '加分' end as kind_name,
    finding.document, finding.on_date, finding.is_overdue, finding.is_aggravated, finding.note
from current_finding as finding
join cycle using (cycle)
join scheme_finding using (scheme_id, version, finding)
join scheme_rule using (scheme_id, version)
where finding.cycle = $cycle and finding.unit = $unit
order by finding.on_date, finding.key;
