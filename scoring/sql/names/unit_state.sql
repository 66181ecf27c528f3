-- one row per state of a unit's score (valued_unit)
select unnest(['scored', 'not_comparable', 'no_duty', 'not_submitted'])
