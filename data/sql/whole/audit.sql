-- one row per act that fits, newest first, and with each how many fit in all
with found as (
    select audit.*, current_account.title
    from audit
    left join current_account using (account)
    where ($action is null or action = $action)
        and ($outcome is null or outcome = $outcome)
        and ($year is null or cycle = $year)
        and ($since is null or audit.recorded_at >= $since::date)
        and ($until is null or audit.recorded_at < $until::date + interval 1 day)
        and ($account is null or contains(lower(concat_ws(' ', audit.account, title)), lower($account)))
        and ($text is null or contains(lower(concat_ws(' ', origin, object, detail)), lower($text)))
),
final as (
    select
        seq, recorded_at as at, account, title, role, origin, action, cycle, object, outcome, detail,
        (select count(*) from found) as n_found
    from found
)
select * from final
order by seq desc
limit $most offset $skip;
