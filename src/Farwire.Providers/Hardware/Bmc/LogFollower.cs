using Farwire.Ipmi;
using Farwire.Ipmi.Sdr;
using Farwire.Ipmi.Sel;
using Farwire.Ipmi.Sensor;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>A record that came to the log of a controller.</summary>
/// <param name="System">The machine.</param>
/// <param name="Record">The record.</param>
/// <param name="Sensor">The sensor that it is about; null when it is about none that is known.</param>
/// <param name="Mark">Where the log's reader stands after it.</param>
public sealed record LogEntry(string System, SelRecord Record, SensorRecord? Sensor, string Mark)
{
    /// <summary><c>Temperature Assert: Upper Non-critical - going high</c>.</summary>
    public string Caption => LogRecordClass.Caption(Record);

    /// <summary>The record's fields by name.</summary>
    public string Format => LogRecordClass.Format(Record);

    /// <summary>The record's fields, in the order of <see cref="Format"/>.</summary>
    public string Data => LogRecordClass.Data(Record, Sensor);

    /// <summary>How bad it is.</summary>
    public SensorHealth Health => Record is SelEvent e ? e.Health : SensorHealth.Ok;
}

/// <summary>Reads what is new in the logs of all controllers, each record once.</summary>
/// <remarks>A controller that does not answer is asked again the next time; what its log has got meanwhile is new then.</remarks>
public sealed class LogFollower
{
    private readonly List<Reader> _readers;

    /// <param name="controllers">The controllers.</param>
    /// <param name="marks">Where each machine's log was read to; one that is not there begins with its next record, or as <paramref name="fromEarliest"/> says.</param>
    /// <param name="fromEarliest">True to begin with what is in the logs already.</param>
    public LogFollower(Controllers controllers, IReadOnlyDictionary<string, string> marks, bool fromEarliest) =>
        _readers = [.. controllers.All.Select(c => new Reader(c, marks.GetValueOrDefault(c.Name), fromEarliest))];

    /// <summary>Where each log is read to, of those that were reached.</summary>
    public IEnumerable<(string System, string Mark)> Marks => _readers.Where(r => r.Mark is not null).Select(r => (r.Controller.Name, r.Mark!));

    /// <summary>The records that are new, oldest first within each log.</summary>
    public async Task<IReadOnlyList<LogEntry>> ReadNewAsync(CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll(_readers.Select(reader => reader.ReadNewAsync(cancellationToken))).ConfigureAwait(false)).SelectMany(entries => entries)];

    private sealed class Reader(Controller controller, string? mark, bool fromEarliest)
    {
        private SelFollower? _follower;
        private bool _isBegun = mark is not null || fromEarliest;

        public Controller Controller => controller;

        public string? Mark => _follower is { } follower ? follower.Mark : mark;

        public async Task<IReadOnlyList<LogEntry>> ReadNewAsync(CancellationToken cancellationToken)
        {
            try
            {
                return await controller.AskAsync((client, token) => ReadNewAsync(client, token), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ControllerSilentException or IpmiCompletionException)
            {
                return []; // its ComputerSystem says what is wrong
            }
        }

        private async ValueTask<IReadOnlyList<LogEntry>> ReadNewAsync(IpmiClient client, CancellationToken cancellationToken)
        {
            var follower = _follower ?? client.Sel.Follow(mark);
            var records = await follower.ReadNewAsync(cancellationToken).ConfigureAwait(false);
            _follower = follower;
            if (!_isBegun || records.Count == 0)
            {
                _isBegun = true;
                return [];
            }

            var repository = await client.Sdr.ReadAsync(cancellationToken).ConfigureAwait(false);
            return [.. records.Select(record => new LogEntry(controller.Name, record, LogRecordClass.SensorOf(record, repository), SelFollower.MarkOf(record)))];
        }
    }
}
