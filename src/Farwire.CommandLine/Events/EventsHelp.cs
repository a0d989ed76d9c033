namespace Farwire.CommandLine.Events;

internal static class EventsHelp
{
    public const string Text = """
        farwire events: collected events, and the sources they come from

          farwire events search             the newest 50 that fit, or --limit N; --oldest begins at the other end
          farwire events export             all that fit, oldest first; a JSON object a line unless -o says else
          farwire events tail               what comes in from now on, until Ctrl-C
          farwire events sources            every source: last event, heartbeat, lag, error, and what was noticed: records that never came, logs
                                            that were cleared, events of another computer; --silent shows those that say nothing
          farwire events subscriptions      every subscription
          farwire events stats              counts
          farwire events forward status     the collectors that this machine forwards its own events to, what they subscribed to, and what is wrong
                                            and helps; exits with 1 when something is
          farwire events simulate           sources by the thousand that send to a collector, to see what it bears
          farwire events simulate --verify LEDGER
                                            whether the store has what was acknowledged

          farwire events query CHANNEL      the newest 50 events of a channel of the machine itself, or --limit N; --oldest begins at the other end
          farwire events query -q QUERYLIST of several channels; a QueryList or a file of one
          farwire events channels           the channels of the machine
          farwire events channel NAME       what is in one, and who may read it

        Where: this machine's collector; or --host HOST or --connect FILE; --user, --password-file, --pin, --ca, --unencrypted
        Form:  -o text|json|ecs|xml

        Which events (all that is said must hold)
          --from TIME --to TIME             when they were written, UTC
          --channel --computer --provider --source --subscription
          --id 4624,4625 --level 1,2,3
          --text TEXT                       anywhere in the event
          --xpath "*[EventData[Data[@Name='LogonType']=10]]"
          --query QUERYLIST or a file of one
        Of query: --xpath alone, and --rendered for XML with the texts

        Of simulate
          --subscription NAME               what they send for; it must allow the users
          --user "src{n}"                   who they are: {n} is the number of each, from 1; one password for all
          --sources 100 --batches 10 --batch-events 50 --event-size 1000
          --interval MS                     between two batches of a source; 0: as soon as the one before was acknowledged
          --plain                           bodies are not packed (SLDC)
          --ledger FILE                     writes what was acknowledged; --verify holds it against the store

        Examples
          farwire events search --connect c.json --channel Security --id 4625 --from 2026-01-10
          farwire events export --connect c.json --subscription baseline -o ecs > baseline.jsonl
        """;
}
