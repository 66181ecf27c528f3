-- one row per problem of a file that was handed in, in the order of its places
create table if not exists problem (
    receipt bigint not null, position integer not null, code varchar not null, severity varchar not null,
    sheet varchar not null, cell varchar not null, message varchar not null, fix varchar not null
);
