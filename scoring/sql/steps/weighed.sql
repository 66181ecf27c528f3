-- one row per indicator and system in which it has a share: its points there, p·λ
select asked.indicator, asked.position, cycle_share.system::system_name as system, asked.points * cycle_share.share as points
from asked
join cycle_share using (cycle, indicator);
