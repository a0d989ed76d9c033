using Farwire.Cim.Classes;

namespace Farwire.Providers.Events;

/// <summary>The classes of events about instances.</summary>
/// <remarks>The WMI SDK, "Intrinsic events".</remarks>
internal static class EventClasses
{
    private static readonly CimSchema Schema = new CimSchema("events").AddMof("""
        [Abstract] class __Event { uint8 SECURITY_DESCRIPTOR[]; uint64 TIME_CREATED; };
        [Abstract] class __InstanceOperationEvent : __Event { [EmbeddedObject] string TargetInstance; };
        class __InstanceCreationEvent : __InstanceOperationEvent { };
        class __InstanceDeletionEvent : __InstanceOperationEvent { };
        class __InstanceModificationEvent : __InstanceOperationEvent { [EmbeddedObject] string PreviousInstance; };
        class __AggregateEvent : __Event { uint32 NumberOfEvents; [EmbeddedObject] string Representative; };
        """);

    public static CimClass Creation { get; } = Schema.Find("__InstanceCreationEvent")!;

    public static CimClass Deletion { get; } = Schema.Find("__InstanceDeletionEvent")!;

    public static CimClass Modification { get; } = Schema.Find("__InstanceModificationEvent")!;

    public static CimClass Aggregate { get; } = Schema.Find("__AggregateEvent")!;

    /// <summary>The events that a query for the class <paramref name="name"/> can bring; null when it is no event of instances.</summary>
    public static IReadOnlyList<CimClass>? Below(string name)
    {
        CimClass[] concrete = [Creation, Modification, Deletion];
        var below = concrete.Where(c => c.IsA(name)).ToList();
        return below.Count > 0 && !name.Equals("__Event", StringComparison.OrdinalIgnoreCase) ? below : null;
    }
}
