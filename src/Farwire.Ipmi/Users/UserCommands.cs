using System.Text;
using Farwire.Ipmi.Session;

namespace Farwire.Ipmi.Users;

/// <summary>What a user may do on a channel.</summary>
/// <remarks>IPMI 2.0, "Get User Access Command".</remarks>
/// <param name="MaxUsers">The users a controller can have.</param>
/// <param name="EnabledUsers">Those that are enabled now.</param>
/// <param name="FixedNames">The users whose name cannot be changed.</param>
/// <param name="IsEnabled">Null when the controller does not tell.</param>
/// <param name="CallbackOnly">True when the user is only called back.</param>
/// <param name="LinkAuthentication">True for authentication of links.</param>
/// <param name="MessagingEnabled">True when the user may open sessions.</param>
/// <param name="Privilege">The highest level.</param>
internal readonly record struct UserAccess(
    int MaxUsers, int EnabledUsers, int FixedNames, bool? IsEnabled, bool CallbackOnly, bool LinkAuthentication, bool MessagingEnabled, PrivilegeLevel Privilege);

internal sealed record GetUserAccess(byte Channel, byte UserId) : ICommand<UserAccess>
{
    public CommandCode Code { get; } = new(NetworkFunction.Application, 0x44, "Get User Access");

    public void Write(ref DataWriter data)
    {
        data.Byte(Channel);
        data.Byte(UserId);
    }

    // maximum · bits 7:6: status, count of enabled · count of fixed names · bit 6: callback, 5: link, 4: messaging, level
    public UserAccess Read(ref DataReader data)
    {
        var max = data.Byte() & 0x3F;
        var enabled = data.Byte();
        var fixedNames = data.Byte() & 0x3F;
        var access = data.Byte();
        return new UserAccess(
            max, enabled & 0x3F, fixedNames, (enabled >> 6) switch { 1 => true, 2 => false, _ => null },
            (access & 0x40) != 0, (access & 0x20) != 0, (access & 0x10) != 0, (PrivilegeLevel)(access & 0x0F));
    }
}

/// <remarks>IPMI 2.0, "Set User Access Command".</remarks>
internal sealed record SetUserAccess(byte Channel, byte UserId, bool CallbackOnly, bool LinkAuthentication, bool MessagingEnabled, PrivilegeLevel Privilege)
    : ICommand<Done>
{
    public CommandCode Code { get; } = new(NetworkFunction.Application, 0x43, "Set User Access");

    public bool Changes => true;

    // bit 7: change the bits · 6: callback · 5: link · 4: messaging · channel, then user, level, session limit
    public void Write(ref DataWriter data)
    {
        data.Byte((byte)(0x80 | (CallbackOnly ? 0x40 : 0) | (LinkAuthentication ? 0x20 : 0) | (MessagingEnabled ? 0x10 : 0) | Channel));
        data.Byte(UserId);
        data.Byte((byte)Privilege);
        data.Byte(0);
    }

    public Done Read(ref DataReader data) => default;
}

/// <remarks>IPMI 2.0, "Get User Name Command". Sixteen bytes, filled with zeros.</remarks>
internal sealed record GetUserName(byte UserId) : ICommand<string>
{
    public CommandCode Code { get; } = new(NetworkFunction.Application, 0x46, "Get User Name");

    public void Write(ref DataWriter data) => data.Byte(UserId);

    public string Read(ref DataReader data) =>
        Encoding.UTF8.GetString(data.Bytes(Math.Min(LanOptions.MaxUserBytes, data.Remaining)).TrimEnd((byte)0));
}

/// <remarks>IPMI 2.0, "Set User Name Command".</remarks>
internal sealed record SetUserName(byte UserId, string Name) : ICommand<Done>
{
    public CommandCode Code { get; } = new(NetworkFunction.Application, 0x45, "Set User Name");

    public bool Changes => true;

    public void Write(ref DataWriter data)
    {
        data.Byte(UserId);
        var name = data.Take(LanOptions.MaxUserBytes);
        name.Clear();
        Encoding.UTF8.GetBytes(Name, name);
    }

    public Done Read(ref DataReader data) => default;
}

/// <remarks>IPMI 2.0, "Set User Password Command": 0 disables the user, 1 enables it, 2 sets the password, 3 tests it. 20 bytes for RMCP+.</remarks>
internal sealed record SetUserPassword(byte UserId, byte Operation, ReadOnlyMemory<byte> Password) : ICommand<Done>
{
    public const byte Disable = 0;
    public const byte Enable = 1;
    public const byte Set = 2;
    public const byte Test = 3;

    /// <summary>The password that was tested is another.</summary>
    public const CompletionCode Differs = (CompletionCode)0x80;

    public CommandCode Code { get; } = new(NetworkFunction.Application, 0x47, "Set User Password");

    public bool Changes => Operation != Test;

    public void Write(ref DataWriter data)
    {
        data.Byte((byte)(0x80 | UserId)); // bit 7: twenty bytes
        data.Byte(Operation);
        if (Operation >= Set)
        {
            var password = data.Take(LanOptions.MaxPasswordBytes);
            password.Clear();
            Password.Span.CopyTo(password);
        }
    }

    public Done Read(ref DataReader data) => default;
}
