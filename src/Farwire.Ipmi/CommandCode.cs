namespace Farwire.Ipmi;

/// <summary>A command's number and its name in the specification.</summary>
internal readonly record struct CommandCode(NetworkFunction Function, byte Number, string Name);

/// <summary>A command with what it says and what it is told.</summary>
internal interface ICommand<out TAnswer>
{
    CommandCode Code { get; }

    /// <summary>The logical unit it goes to; sensors may sit behind another than 0.</summary>
    byte Lun => 0;

    /// <summary>True when it changes something, so that doing it twice is not the same as doing it once.</summary>
    bool Changes => false;

    void Write(ref DataWriter data);

    TAnswer Read(ref DataReader data);
}

/// <summary>Nothing but the completion code.</summary>
internal readonly record struct Done;
