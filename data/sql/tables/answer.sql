-- one row per accepted workbook and indicator, with the cell it stood in
create table if not exists answer (
    submission bigint not null, indicator varchar not null, state varchar not null, text varchar not null,
    choice varchar, number double, numerator double, denominator double, on_date date,
    na_reason varchar not null, evidence varchar not null, note varchar not null,
    sheet varchar not null, cell varchar not null
);
