using System.Security.Cryptography;
using System.Text;
using Farwire.Events.Subscriptions;
using Farwire.Security.Accounts;
using Microsoft.Extensions.Logging;

namespace Farwire.Collector.Subscriptions;

/// <summary>Passwords of subscriptions as they lie on the disk: sealed, each for its subscription and its place in it.</summary>
/// <param name="key">The key of the service; without one passwords lie as they are, in a file that its owner alone may read.</param>
/// <param name="logger">Hears of seals that do not open.</param>
internal sealed class SubscriptionSecrets(SecretKey? key, ILogger logger)
{
    private const string Prefix = "sealed:";
    private const string Purpose = "subscription";

    /// <summary>The subscription as it is written.</summary>
    public SubscriptionDefinition Seal(SubscriptionDefinition s) => Each(s, (place, password) => key is null ? password : Prefix + key.Seal(place, Purpose, Encoding.UTF8.GetBytes(password)));

    /// <summary>The subscription as it was; a password whose seal does not open is none.</summary>
    public SubscriptionDefinition Open(SubscriptionDefinition s) => Each(s, (place, text) =>
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return text;
        }

        if (key is null || !key.TryOpen(place, Purpose, text[Prefix.Length..], out var secret))
        {
            Log.PasswordSealed(logger, s.Id);
            return null;
        }

        var password = Encoding.UTF8.GetString(secret);
        CryptographicOperations.ZeroMemory(secret);
        return password;
    });

    /// <summary>It lies there with a password that could be sealed.</summary>
    public bool IsOpen(SubscriptionDefinition s) =>
        key is not null && s.EventSources.Select(source => source.Password).Append(s.CommonPassword).Any(text => text is not null && !text.StartsWith(Prefix, StringComparison.Ordinal));

    private static SubscriptionDefinition Each(SubscriptionDefinition s, Func<string, string, string?> change) => s with
    {
        CommonPassword = s.CommonPassword is { } common ? change(s.Id, common) : null,
        EventSources = [.. s.EventSources.Select(source => source.Password is { } own ? source with { Password = change($"{s.Id}\n{source.Address}", own) } : source)],
    };
}
