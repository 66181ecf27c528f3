-- the rows of pending_claim whose unit the scope holds
create or replace view seen.pending_claim as
with final as (
    select *
    from assessment.pending_claim as kept
    where exists (select 1 from seen.unit where unit.cycle = kept.cycle and unit.unit = kept.unit)
)
select * from final;
