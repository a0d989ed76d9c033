// The tasks that the documentation of the event collector shows in C++, against the collector of this machine:
//   CollectorTasks SOCKET create NAME SOURCE PORT          a collector-initiated subscription
//                         create-source-initiated NAME     a source-initiated one
//                         add-source NAME SOURCE           remove-source NAME SOURCE
//                         list                             display NAME
//                         status NAME                      retry NAME [SOURCE]
//                         delete NAME
using CollectorTasks;
using Farwire.Collector.Ec;

if (args is not [var socket, var task, .. var words])
{
    Console.Error.WriteLine("CollectorTasks SOCKET TASK …");
    return 64;
}

try
{
    await using var collector = EcCollector.OfThisMachine(socket);
    await ((task, words) switch
    {
        ("create", [var name, var source, var port]) => Creating.CollectorInitiatedAsync(collector, name, source, uint.Parse(port)),
        ("create-source-initiated", [var name]) => Creating.SourceInitiatedAsync(collector, name),
        ("add-source", [var name, var source]) => Sources.AddAsync(collector, name, source),
        ("remove-source", [var name, var source]) => Sources.RemoveAsync(collector, name, source),
        ("list", []) => Showing.ListAsync(collector),
        ("display", [var name]) => Showing.DisplayAsync(collector, name),
        ("status", [var name]) => Showing.StatusAsync(collector, name),
        ("retry", [var name]) => collector.RetrySubscriptionAsync(name),
        ("retry", [var name, var source]) => collector.RetrySubscriptionAsync(name, source),
        ("delete", [var name]) => collector.DeleteSubscriptionAsync(name),
        _ => throw new EcException(EcException.InvalidParameter, $"'{task}' is no task, or lacks its words."),
    });
    return 0;
}
catch (EcException e)
{
    Console.Error.WriteLine($"Error {e.Code}: {e.Message}");
    return 1;
}
