-- one row per cycle, submitted unit, basis and system that counts for it: what one point p·λ weighs, W(s) / Σ W / Σ p·λ
create or replace view unit_system_weight as
with weight_total as (
    select unit_system.cycle, unit_system.unit, scheme_basis.basis, sum(scheme_basis.weight) as weight
    from result_unit_system as unit_system
    join cycle on cycle.cycle = unit_system.cycle
    join scheme_basis
        on scheme_basis.scheme_id = cycle.scheme_id
        and scheme_basis.version = cycle.version
        and scheme_basis.system = unit_system.system
    where unit_system.points > 0
    group by all
),
final as (
    select
        unit_system.cycle, unit_system.unit, scheme_basis.basis, unit_system.system,
        scheme_basis.weight / weight_total.weight / unit_system.points as weight_per_point
    from result_unit_system as unit_system
    join cycle on cycle.cycle = unit_system.cycle
    join scheme_basis
        on scheme_basis.scheme_id = cycle.scheme_id
        and scheme_basis.version = cycle.version
        and scheme_basis.system = unit_system.system
    join weight_total
        on weight_total.cycle = unit_system.cycle
        and weight_total.unit = unit_system.unit
        and weight_total.basis = scheme_basis.basis
    where unit_system.points > 0
)
select * from final;
