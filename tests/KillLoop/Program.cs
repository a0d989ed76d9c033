// Kills a process that writes to an event store, again and again, and looks whether anything that was acknowledged is missing.
//   KillLoop ROUNDS           the loop; exit code 0 when nothing was lost
//   KillLoop write FOLDER     the victim: stores batches of eight sources, says "sent" before and "ack" after each
using Farwire.KillLoop;

return args switch
{
    ["write", var folder] => await Victim.RunAsync(folder),
    [var rounds] when int.TryParse(rounds, out var count) => await Loop.RunAsync(count),
    _ => 64,
};
