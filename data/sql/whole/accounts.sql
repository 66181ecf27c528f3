-- one row per account that fits, offices before units, by region; nothing of its password
with final as (
    select
        account.account, account.title, account.role, account.region, region.name as region_name,
        region.path as region_path, account.unit, account.is_disabled, account.must_change,
        case
            when account.is_disabled then '已停用'
            when account.must_change then '待首次登录'
            else '可用'
        end as state_name,
        account.changed_at
    from current_account as account
    join region on region.region = account.region
    where ($role is null or account.role = $role)
        and ($region is null or account.region in (select region from region_member where ancestor = $region))
        and (
            $text is null
            or contains(lower(concat_ws(' ', account.account, account.title, account.unit)), lower($text))
        )
)
select * from final
order by
    list_position(['administrator', 'province', 'prefecture', 'county', 'reader', 'unit'], role), region, account;
