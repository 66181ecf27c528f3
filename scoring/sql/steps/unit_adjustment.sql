-- one row per unit with a confirmed finding: points deducted (Art. 40), points of bonus before the cap (Art. 37, 38), and
-- whether a veto stands (Art. 41)
select
    current_finding.unit,
    coalesce(sum(
        cycle_finding.points
        * case when is_overdue then rules.overdue_factor else 1 end
        * case when is_aggravated then rules.aggravation_factor else 1 end
    ) filter (kind = 'deduction'), 0) as deductions,
    coalesce(sum(cycle_finding.points) filter (kind = 'bonus'), 0) as bonus,
    bool_or(kind = 'veto') as has_veto
from current_finding
join cycle_finding using (cycle, finding)
cross join (select * from cycle_rule where cycle = $cycle) as rules
where current_finding.cycle = $cycle
group by all;
