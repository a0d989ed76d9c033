namespace Farwire.Collector;

/// <summary>The log that events go to: on, or off and then sources are told to wait.</summary>
/// <remarks>Windows Event Log, "ForwardedEvents". It is on unless somebody switched it off.</remarks>
public sealed class ForwardedEventsLog
{
    /// <summary>Its name.</summary>
    public const string Name = "ForwardedEvents";

    private readonly string _mark;
    private volatile bool _isEnabled;

    internal ForwardedEventsLog(string folder)
    {
        _mark = Path.Combine(folder, Name + ".off");
        _isEnabled = !File.Exists(_mark);
    }

    /// <summary>It takes events.</summary>
    public bool IsEnabled
    {
        get => _isEnabled;
        set
        {
            if (value)
            {
                File.Delete(_mark);
            }
            else
            {
                File.WriteAllBytes(_mark, []);
            }

            _isEnabled = value;
        }
    }
}
