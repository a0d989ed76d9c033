namespace Farwire.Collector.Nodes;

/// <summary>The tables that nodes share.</summary>
/// <remarks>
/// <c>position</c> has one row, which every commit locks first: nodes commit one after another, so that the numbers of events grow in the order in which
/// they can be seen, and whoever reads on from a number misses none. <c>source.batch</c> counts the batches of a source: a node that was held up and finds
/// another number than the one it began with leaves bookmark and events as they are.
/// </remarks>
internal static class NodeSchema
{
    /// <summary>Held while tables are made or dropped.</summary>
    public const long Lock = 0x6661727769726501;

    /// <summary>What is heard when events were stored; it says the number of the last.</summary>
    public const string EventsSignal = "farwire_events";

    public const string Make = """
        CREATE SCHEMA IF NOT EXISTS farwire;
        CREATE TABLE IF NOT EXISTS farwire.position(id integer PRIMARY KEY CHECK (id = 1), sequence bigint NOT NULL, events bigint NOT NULL);
        INSERT INTO farwire.position VALUES (1, 0, 0) ON CONFLICT DO NOTHING;
        CREATE TABLE IF NOT EXISTS farwire.event(
            sequence bigint NOT NULL, received timestamptz NOT NULL, source text NOT NULL, subscription text NOT NULL, time timestamptz, channel text,
            computer text, provider text, event_id integer, level integer, problem text, xml text NOT NULL) PARTITION BY RANGE (received);
        CREATE INDEX IF NOT EXISTS event_sequence ON farwire.event(sequence);
        CREATE INDEX IF NOT EXISTS event_time ON farwire.event((COALESCE(time, received)));
        CREATE TABLE IF NOT EXISTS farwire.source(
            source text NOT NULL, subscription text NOT NULL, machine text, address text, bookmark text, first_seen timestamptz, last_seen timestamptz,
            last_enumerate timestamptz, last_delivery timestamptz, last_event timestamptz, last_heartbeat timestamptz, events bigint NOT NULL DEFAULT 0,
            duplicates bigint NOT NULL DEFAULT 0, dropped bigint NOT NULL DEFAULT 0, broken bigint NOT NULL DEFAULT 0, missing bigint NOT NULL DEFAULT 0,
            cleared bigint NOT NULL DEFAULT 0, strange bigint NOT NULL DEFAULT 0, error_code bigint NOT NULL DEFAULT 0, error text, error_time timestamptz,
            next_retry timestamptz, last_batch bytea, batch bigint NOT NULL DEFAULT 0, changed timestamptz NOT NULL DEFAULT clock_timestamp());
        CREATE UNIQUE INDEX IF NOT EXISTS source_key ON farwire.source(lower(source), lower(subscription));
        CREATE INDEX IF NOT EXISTS source_changed ON farwire.source(changed);
        CREATE TABLE IF NOT EXISTS farwire.channel(name text PRIMARY KEY, events bigint NOT NULL);
        CREATE TABLE IF NOT EXISTS farwire.cursor(name text PRIMARY KEY, sequence bigint NOT NULL);
        CREATE TABLE IF NOT EXISTS farwire.document(name text PRIMARY KEY, content text NOT NULL, version bigint NOT NULL);
        CREATE SEQUENCE IF NOT EXISTS farwire.document_version;
        """;

    /// <summary>The name of a day's events.</summary>
    public static string PartitionOf(DateTime day) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"event_{day:yyyyMMdd}");

    /// <summary>Makes the place of a day's events.</summary>
    public static string MakePartition(DateTime day) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"CREATE TABLE IF NOT EXISTS farwire.{PartitionOf(day)} PARTITION OF farwire.event FOR VALUES FROM ('{day:yyyy-MM-dd}Z') TO ('{day.AddDays(1):yyyy-MM-dd}Z')");
}
