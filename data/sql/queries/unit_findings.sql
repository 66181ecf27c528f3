-- one row per confirmed finding, veto or commendation of the unit: the scheme's points and those applied (before caps)
select
    finding.key, finding.finding, cycle_finding.kind, cycle_finding.name, cycle_finding.place, cycle_finding.points,
    case cycle_finding.kind
        when 'deduction' then
            cycle_finding.points
            * case when is_overdue then cycle_rule.overdue_factor else 1 end
            * case when is_aggravated then cycle_rule.aggravation_factor else 1 end
        when 'veto' then 0
        else cycle_finding.points
    end as applied,
    case cycle_finding.kind when 'deduction' then '扣分' when 'veto' then '一票否决' else '加分' end as kind_name,
    finding.document, finding.on_date, finding.is_overdue, finding.is_aggravated, finding.note,
    finding.state, finding.deadline, finding.indicator, finding.ordered, finding.addressee, finding.step_on,
    finding.step_document
from current_finding as finding
join cycle_finding using (cycle, finding)
join cycle_rule using (cycle)
where finding.cycle = $cycle and finding.unit = $unit
order by finding.on_date, finding.key;
