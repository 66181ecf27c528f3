-- one row per cycle, submitted unit, basis and system that counts for it: what one point p·λ weighs, W(s) / Σ W / Σ p·λ
create or replace view unit_system_weight as
with weight_total as (
    select unit_system.cycle, unit_system.unit, cycle_basis.basis, sum(cycle_basis.weight) as weight
    from shown_unit_system as unit_system
    join cycle_basis
        on cycle_basis.cycle = unit_system.cycle
        and cycle_basis.system = unit_system.system
    where unit_system.points > 0
    group by all
),
final as (
    select
        unit_system.cycle, unit_system.unit, cycle_basis.basis, unit_system.system,
        cycle_basis.weight / weight_total.weight / unit_system.points as weight_per_point
    from shown_unit_system as unit_system
    join cycle_basis
        on cycle_basis.cycle = unit_system.cycle
        and cycle_basis.system = unit_system.system
    join weight_total
        on weight_total.cycle = unit_system.cycle
        and weight_total.unit = unit_system.unit
        and weight_total.basis = cycle_basis.basis
    where unit_system.points > 0
)
select * from final;
