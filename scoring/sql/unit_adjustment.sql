-- one row per cycle and unit with a confirmed finding: points deducted (Art. 40), points of bonus before the cap
-- (Art. 37, 38), and whether a veto stands (Art. 41)
create or replace view unit_adjustment as
with final as (
    select
        current_finding.cycle, current_finding.unit,
        coalesce(sum(
            scheme_finding.points
            * case when is_overdue then scheme_rule.overdue_factor else 1 end
            * case when is_aggravated then scheme_rule.aggravation_factor else 1 end
        ) filter (kind = 'deduction'), 0) as deductions,
        coalesce(sum(scheme_finding.points) filter (kind = 'bonus'), 0) as bonus,
        bool_or(kind = 'veto') as has_veto
    from current_finding
    join cycle on cycle.cycle = current_finding.cycle
    join scheme_finding
        on scheme_finding.scheme_id = cycle.scheme_id
        and scheme_finding.version = cycle.version
        and scheme_finding.finding = current_finding.finding
    join scheme_rule
        on scheme_rule.scheme_id = cycle.scheme_id
        and scheme_rule.version = cycle.version
    group by all
)
select * from final;
