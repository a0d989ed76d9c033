namespace Farwire.Collector.Subscriptions;

/// <summary>Where subscriptions that commands made lie: a folder of this machine, or a table that nodes share.</summary>
internal interface ISubscriptionShelf
{
    /// <summary>Something that changes with each change.</summary>
    string Look();

    /// <summary>What each subscription is called there, and how its XML is read.</summary>
    IEnumerable<(string Name, Func<string> Read)> Read();

    /// <summary>Keeps one; safe when it ends.</summary>
    void Write(string id, string xml);

    /// <summary>Removes one, if it is there.</summary>
    void Remove(string id);

    /// <summary>What is kept beside the subscriptions; null when nothing is.</summary>
    string? ReadChannels();

    /// <summary>Keeps it.</summary>
    void WriteChannels(string json);
}
