namespace Farwire.Ipmi;

/// <summary>How a controller says that a command went.</summary>
/// <remarks>IPMI 2.0, "Completion Codes". 01h–7Eh are a manufacturer's, 80h–BEh the command's own.</remarks>
public enum CompletionCode : byte
{
    /// <summary>Done.</summary>
    Ok = 0x00,

    /// <summary>The controller has no resources for it at the moment.</summary>
    NodeBusy = 0xC0,

    /// <summary>The command is unknown.</summary>
    InvalidCommand = 0xC1,

    /// <summary>The command is unknown at this logical unit.</summary>
    InvalidForLun = 0xC2,

    /// <summary>The command was not finished in time.</summary>
    TimedOut = 0xC3,

    /// <summary>There is no room left.</summary>
    OutOfSpace = 0xC4,

    /// <summary>The reservation is none, or was taken away by a change.</summary>
    ReservationCanceled = 0xC5,

    /// <summary>The request was cut.</summary>
    RequestTruncated = 0xC6,

    /// <summary>The request has a wrong length.</summary>
    RequestLengthInvalid = 0xC7,

    /// <summary>A field is longer than allowed.</summary>
    FieldLengthExceeded = 0xC8,

    /// <summary>A parameter is out of its range.</summary>
    OutOfRange = 0xC9,

    /// <summary>The controller cannot send so many bytes at once.</summary>
    CannotReturnBytes = 0xCA,

    /// <summary>The sensor, record or data is not there.</summary>
    NotPresent = 0xCB,

    /// <summary>A field has a value that is not allowed.</summary>
    InvalidField = 0xCC,

    /// <summary>The command is not allowed for this sensor or record type.</summary>
    IllegalForType = 0xCD,

    /// <summary>No response could be given.</summary>
    NoResponse = 0xCE,

    /// <summary>A duplicate that is not executed again.</summary>
    Duplicate = 0xCF,

    /// <summary>The SDR repository is being updated.</summary>
    SdrUpdate = 0xD0,

    /// <summary>The firmware is being updated.</summary>
    FirmwareUpdate = 0xD1,

    /// <summary>The controller is starting.</summary>
    Initializing = 0xD2,

    /// <summary>The destination cannot be reached.</summary>
    DestinationUnavailable = 0xD3,

    /// <summary>The session's privilege, or the firmware firewall, does not allow it.</summary>
    InsufficientPrivilege = 0xD4,

    /// <summary>Not possible in the present state.</summary>
    InvalidState = 0xD5,

    /// <summary>Disabled or not available.</summary>
    Disabled = 0xD6,

    /// <summary>An error the controller does not name.</summary>
    Unspecified = 0xFF,
}

internal static class CompletionCodes
{
    public static string Describe(this CompletionCode code) => code switch
    {
        CompletionCode.Ok => "done",
        CompletionCode.NodeBusy => "the controller is busy; try again later",
        CompletionCode.InvalidCommand => "the controller does not know this command",
        CompletionCode.InvalidForLun => "the controller does not know this command at this LUN",
        CompletionCode.TimedOut => "the controller did not finish in time; try again",
        CompletionCode.OutOfSpace => "the controller has no room left; clear its log",
        CompletionCode.ReservationCanceled => "something changed meanwhile; try again",
        CompletionCode.RequestTruncated => "the request was cut",
        CompletionCode.RequestLengthInvalid => "the request has a wrong length",
        CompletionCode.FieldLengthExceeded => "a field is longer than the controller allows",
        CompletionCode.OutOfRange => "a parameter is out of its range",
        CompletionCode.CannotReturnBytes => "the controller cannot return so many bytes at once",
        CompletionCode.NotPresent => "the sensor, record or data is not there",
        CompletionCode.InvalidField => "a field has a value that the controller does not allow",
        CompletionCode.IllegalForType => "the command is not allowed for this sensor or record",
        CompletionCode.NoResponse => "the controller could not give a response",
        CompletionCode.Duplicate => "the controller took it for a repetition",
        CompletionCode.SdrUpdate => "the controller's sensor data records are being updated; try again later",
        CompletionCode.FirmwareUpdate => "the controller's firmware is being updated; try again later",
        CompletionCode.Initializing => "the controller is starting; try again later",
        CompletionCode.DestinationUnavailable => "the destination cannot be reached",
        CompletionCode.InsufficientPrivilege => "the user's privilege does not allow it; ask with a higher one",
        CompletionCode.InvalidState => "not possible in the present state",
        CompletionCode.Disabled => "disabled or not available",
        CompletionCode.Unspecified => "the controller does not say why",
        >= (CompletionCode)0x01 and <= (CompletionCode)0x7E => "a code of the manufacturer",
        >= (CompletionCode)0x80 and <= (CompletionCode)0xBE => "a code of this command",
        _ => "a reserved code",
    };
}
