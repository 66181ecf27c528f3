-- 1 − lost / (100 · weight) over several terms (`scoring.limits.attainment_of`); held between 0 and 1 and without noise: of terms that
-- earned nothing the sums may leave ±2e-16, which is −0.0% or a rise from 0.0% to 0.0%
create or replace macro attainment_of(lost, weight) as
    without_noise(clip_between(1 - lost / nullif(100 * weight, 0), 0, 1));
