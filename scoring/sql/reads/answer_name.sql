-- one row per named answer of the cycle's scheme, and the empty one, in the order of their codes (scoring/asked.py)
select choice from worth union select '' order by 1
