using Farwire.Ipmi.Session;

namespace Farwire.Ipmi.Users;

/// <summary>A user of the controller.</summary>
/// <param name="Id">The number, from 1; 1 is the nameless one.</param>
/// <param name="Name">The name.</param>
/// <param name="Privilege">The highest level on the channel.</param>
/// <param name="IsEnabled">Null when the controller does not tell.</param>
/// <param name="MessagingEnabled">True when the user may open sessions.</param>
/// <param name="LinkAuthentication">True for authentication of links.</param>
/// <param name="CallbackOnly">True when the user is only called back.</param>
/// <param name="HasFixedName">True when the name cannot be changed.</param>
public sealed record IpmiUser(
    byte Id, string Name, PrivilegeLevel Privilege, bool? IsEnabled, bool MessagingEnabled, bool LinkAuthentication, bool CallbackOnly, bool HasFixedName);

/// <summary>The users and channels of a controller.</summary>
/// <remarks>IPMI 2.0, "IPMI Messaging Support Commands".</remarks>
public sealed class UserAccounts
{
    private readonly IpmiClient _client;

    internal UserAccounts(IpmiClient client) => _client = client;

    /// <summary>The users that have a name or may open sessions, on the channel of this session unless another is named.</summary>
    public async ValueTask<IReadOnlyList<IpmiUser>> ReadAsync(byte channel = GetChannelInfo.ThisChannel, CancellationToken cancellationToken = default)
    {
        var users = new List<IpmiUser>();
        var max = 1;
        for (byte id = 1; id <= max; id++)
        {
            var access = await _client.SendAsync(new GetUserAccess(channel, id), cancellationToken).ConfigureAwait(false);
            max = access.MaxUsers;
            var name = await NameAsync(id, cancellationToken).ConfigureAwait(false);
            if (name.Length > 0 || access.MessagingEnabled)
            {
                users.Add(new IpmiUser(
                    id, name, access.Privilege, access.IsEnabled, access.MessagingEnabled, access.LinkAuthentication, access.CallbackOnly, id <= access.FixedNames));
            }
        }

        return users;
    }

    /// <summary>Sets what a user may do on a channel.</summary>
    public async ValueTask SetAccessAsync(IpmiUser user, byte channel = GetChannelInfo.ThisChannel, CancellationToken cancellationToken = default) =>
        await _client.SendAsync(
            new SetUserAccess(channel, user.Id, user.CallbackOnly, user.LinkAuthentication, user.MessagingEnabled, user.Privilege), cancellationToken).ConfigureAwait(false);

    /// <summary>Names a user.</summary>
    public async ValueTask SetNameAsync(byte id, string name, CancellationToken cancellationToken = default)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(name) > LanOptions.MaxUserBytes)
        {
            throw new ArgumentException($"A user name has at most {LanOptions.MaxUserBytes} bytes.", nameof(name));
        }

        await _client.SendAsync(new SetUserName(id, name), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sets a user's password.</summary>
    public async ValueTask SetPasswordAsync(byte id, ReadOnlyMemory<byte> password, CancellationToken cancellationToken = default) =>
        await _client.SendAsync(new SetUserPassword(id, SetUserPassword.Set, Bounded(password)), cancellationToken).ConfigureAwait(false);

    /// <summary>True when <paramref name="password"/> is the user's.</summary>
    public async ValueTask<bool> TestPasswordAsync(byte id, ReadOnlyMemory<byte> password, CancellationToken cancellationToken = default)
    {
        var command = new SetUserPassword(id, SetUserPassword.Test, Bounded(password));
        var response = await _client.TryAsync(command, cancellationToken).ConfigureAwait(false);
        return response.CompletionCode switch
        {
            CompletionCode.Ok => true,
            SetUserPassword.Differs => false,
            var code => throw new IpmiCompletionException(command.Code, code),
        };
    }

    /// <summary>Lets a user in, or no longer.</summary>
    public async ValueTask SetEnabledAsync(byte id, bool enabled, CancellationToken cancellationToken = default) =>
        await _client.SendAsync(
            new SetUserPassword(id, enabled ? SetUserPassword.Enable : SetUserPassword.Disable, default), cancellationToken).ConfigureAwait(false);

    /// <summary>A channel; that of this session unless another is named.</summary>
    public ValueTask<ChannelInfo> GetChannelAsync(byte channel = GetChannelInfo.ThisChannel, CancellationToken cancellationToken = default) =>
        _client.SendAsync(new GetChannelInfo(channel), cancellationToken);

    /// <summary>Who may come by a channel.</summary>
    public ValueTask<ChannelAccess> GetChannelAccessAsync(byte channel = GetChannelInfo.ThisChannel, CancellationToken cancellationToken = default) =>
        _client.SendAsync(new GetChannelAccess(channel), cancellationToken);

    // A user that was never named has no name to answer.
    private async ValueTask<string> NameAsync(byte id, CancellationToken cancellationToken)
    {
        var command = new GetUserName(id);
        var response = await _client.TryAsync(command, cancellationToken).ConfigureAwait(false);
        return response.CompletionCode switch
        {
            CompletionCode.Ok => IpmiClient.Read(command, response),
            CompletionCode.InvalidField or CompletionCode.NotPresent or CompletionCode.OutOfRange => "",
            var code => throw new IpmiCompletionException(command.Code, code),
        };
    }

    private static ReadOnlyMemory<byte> Bounded(ReadOnlyMemory<byte> password) => password.Length <= LanOptions.MaxPasswordBytes
        ? password
        : throw new ArgumentException($"A password has at most {LanOptions.MaxPasswordBytes} bytes.", nameof(password));
}
