-- one row per cycle and unit with a confirmed finding: points deducted (Art. 40), points of bonus before the cap
-- (Art. 37, 38), and whether a veto stands (Art. 41)
create or replace view unit_adjustment as
with final as (
    select
        current_finding.cycle, current_finding.unit,
        coalesce(sum(
            cycle_finding.points
            * case when is_overdue then cycle_rule.overdue_factor else 1 end
            * case when is_aggravated then cycle_rule.aggravation_factor else 1 end
        ) filter (kind = 'deduction'), 0) as deductions,
        coalesce(sum(cycle_finding.points) filter (kind = 'bonus'), 0) as bonus,
        bool_or(kind = 'veto') as has_veto
    from current_finding
    join cycle_finding
        on cycle_finding.cycle = current_finding.cycle
        and cycle_finding.finding = current_finding.finding
    join cycle_rule
        on cycle_rule.cycle = current_finding.cycle
    group by all
)
select * from final;
