-- one row per account as it stands now
create or replace view current_account as
with final as (
    select
        account, title, role, region, unit, password_hash, must_change, is_disabled, subject, seq,
        recorded_at as changed_at
    from account_event
    qualify row_number() over (partition by account order by seq desc) = 1
)
select * from final;
