using Farwire.Protocol.Faults;

namespace Farwire.CommandLine.Output;

/// <summary>The likely cause of a fault and what to do about it, for the faults that people meet.</summary>
internal static class FaultAdvice
{
    public static (string? Cause, string? Fix) On(WSManFault fault) => fault.Subcode switch
    {
        "w:AccessDenied" => ("The user may not do this.", "Use a user who may, or give the right on the service."),
        "a:DestinationUnreachable" => ("The service has no such resource or instance.", "Check the URI and the keys; winrm enumerate lists the instances of a class."),
        "a:ActionNotSupported" => ("The resource cannot do this.", "Check verb and method; not every resource can be changed, created or listed."),
        "w:InvalidSelectors" => ("The keys do not fit the resource.", "Give exactly the resource's keys behind '?': RESOURCE?KEY=VALUE+KEY=VALUE."),
        "w:InvalidOptions" => ("The resource does not take such an option.", "Leave out -options, or check names and values."),
        "w:CannotProcessFilter" or "n:CannotProcessFilter" => ("The filter is not a query that the service understands.", "Check the text of -filter against its dialect; winrm help filters shows the forms."),
        "n:FilterDialectRequestedUnavailable" or "n:FilteringNotSupported" => ("The resource cannot filter so.", "Use another -dialect, or list all and choose here."),
        "w:QuotaLimit" => ("A limit of the service is reached.", "Wait until others have finished, or raise the quota on the service."),
        "w:TimedOut" or "n:TimedOut" => ("The service was not done in time.", "Raise -timeout, or ask for less."),
        "w:EncodingLimit" => ("A message is larger than one side takes.", "Ask for less at a time, or raise MaxEnvelopeSizekb on the service."),
        "w:UnsupportedFeature" => ("The service has not this feature.", "Leave out the switch that asks for it."),
        "x:InvalidRepresentation" or "w:SchemaValidationError" => ("What was sent is not what the resource is made of.", "Check names and values of the properties; the case of letters counts."),
        _ => (null, null),
    };
}
