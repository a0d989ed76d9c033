using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Farwire.AspNetCore;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Hosting;
using Farwire.Security.Accounts;
using Farwire.Security.Certificates;
using Farwire.Security.Digest;
using Farwire.Security.Ntlm;
using Farwire.Service.Configuration;
using Microsoft.Extensions.Logging;

namespace Farwire.Peers.Tests.Security;

/// <summary>What both sides tell of a whole conversation, good and bad: never a password, a hash of one, or a token.</summary>
public sealed class SecretTests(KerberosRealm realm) : IClassFixture<KerberosRealm>
{
    private const string Password = "Tr0ub4dor&3";
    private const string Wrong = "Tr0ub4dor&4";

    [Fact]
    public async Task Logs_traces_and_exceptions_of_whole_conversations_hold_no_secret()
    {
        var told = new ConcurrentQueue<string>();
        using var activities = Listen(told);
        using var key = SecretKey.Ephemeral();
        var hash = NtHash.Of(Password);
        var stored = PasswordHash.Of(Password, 1000);
        var users = UserStore.InMemory();
        users.Put(new StoredUser("ann", Environment.UserName, stored, key.Seal("ann", NtlmService.NtHashPurpose, hash)));
        using var logs = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(new Keeper(told)));
        await using var service = await StartAsync(users, key, logs);
        using var relay = new RecordingRelay(service.Addresses[0].Port);

        foreach (var method in (AuthenticationMethod[])[AuthenticationMethod.Negotiate, AuthenticationMethod.CredSsp, AuthenticationMethod.Basic])
        {
            foreach (var password in (string[])[Password, Wrong])
            {
                told.Enqueue($"{method}: {await SayAsync(relay.Port, method, "ann", password)}");
            }
        }

        var tokens = relay.Tokens;
        Assert.InRange(tokens.Count, 10, 100);
        Assert.Equal(3, told.Count(text => text.EndsWith(": Farwire", StringComparison.Ordinal)));
        Assert.Equal(3, told.Count(text => text.Contains(nameof(WSManTransportException), StringComparison.Ordinal)));
        Assert.Contains(told, text => text.Contains("Refused", StringComparison.OrdinalIgnoreCase));
        string[] secrets =
        [
            Password, Wrong, Convert.ToHexString(hash), Convert.ToBase64String(hash), stored.ToString(), Convert.ToBase64String(Encoding.Unicode.GetBytes(Password)),
            .. tokens, .. tokens.Select(token => token[..Math.Min(token.Length, 40)]).Where(start => start.Length == 40),
        ];
        Assert.All(told, text => Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task Nor_do_those_of_Kerberos_and_of_passwords_delegated_to_it()
    {
        realm.Need();
        var told = new ConcurrentQueue<string>();
        using var activities = Listen(told);
        using var key = SecretKey.Ephemeral();
        using var logs = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(new Keeper(told)));
        await using var service = await StartAsync(UserStore.InMemory(), key, logs, realm.Keytab);
        using var relay = new RecordingRelay(service.Addresses[0].Port);

        foreach (var method in (AuthenticationMethod[])[AuthenticationMethod.Kerberos, AuthenticationMethod.CredSsp])
        {
            foreach (var (user, password) in new[] { (KerberosRealm.User, KerberosRealm.Password), (KerberosRealm.User, Wrong), (KerberosRealm.Stranger, KerberosRealm.Password) })
            {
                told.Enqueue($"{method}: {await SayAsync(relay.Port, method, $"{user}@{KerberosRealm.Name}", password)}");
            }
        }

        AssertUntold(told, relay.Tokens, succeeded: 2, [KerberosRealm.Password, Wrong]);
    }

    [Fact]
    public async Task Nor_do_those_of_Digest()
    {
        var told = new ConcurrentQueue<string>();
        using var activities = Listen(told);
        using var key = SecretKey.Ephemeral();
        var users = UserStore.InMemory();
        var secret = DigestSecret.Seal(key, "ann", Password);
        users.Put(new StoredUser("ann", Environment.UserName, PasswordHash.Of(Password, 1000), DigestSecret: secret));
        using var logs = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(new Keeper(told)));
        await using var service = await StartAsync(users, key, logs, isBmcEndpoint: true);
        using var relay = new RecordingRelay(service.Addresses[0].Port);

        foreach (var password in (string[])[Password, Wrong])
        {
            told.Enqueue($"Digest: {await SayAsync(relay.Port, AuthenticationMethod.Digest, "ann", password)}");
        }

        AssertUntold(told, relay.Tokens, succeeded: 1, [Password, Wrong, secret]);
    }

    private static void AssertUntold(ConcurrentQueue<string> told, IReadOnlyCollection<string> tokens, int succeeded, string[] more)
    {
        Assert.NotEmpty(tokens);
        Assert.Equal(succeeded, told.Count(text => text.EndsWith(": Farwire", StringComparison.Ordinal)));
        Assert.Contains(told, text => text.Contains(nameof(WSManTransportException), StringComparison.Ordinal));
        string[] secrets = [.. more, .. more.Select(text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text))), .. tokens, .. tokens.Select(token => token[..Math.Min(token.Length, 40)]).Where(start => start.Length == 40)];
        Assert.All(told, text => Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase)));
    }

    private static ActivityListener Listen(ConcurrentQueue<string> told)
    {
        var activities = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => told.Enqueue($"{activity.DisplayName} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.SelectMany(e => e.Tags))}"),
        };
        ActivitySource.AddActivityListener(activities);
        return activities;
    }

    private static Task<string> SayAsync(int port, AuthenticationMethod method, string user, string password) => SayAsync(new WSManConnectionOptions
    {
        Address = new Uri($"http://localhost:{port}/wsman"),
        Authentication = method,
        User = user,
        Password = password,
        AllowUnencrypted = method is AuthenticationMethod.Basic or AuthenticationMethod.Digest,
        DelegateTo = ["localhost"],
        DelegateToNtlm = ["localhost"],
    });

    private static async Task<string> SayAsync(WSManConnectionOptions options)
    {
        try
        {
            await using var client = new WSManClient(options);
            return (await client.IdentifyAsync()).ProductVendor;
        }
        catch (WSManTransportException e)
        {
            return $"{e} {e.Fix}";
        }
    }

    private static Task<MachineService> StartAsync(UserStore users, SecretKey key, ILoggerFactory logs, string? keytab = null, bool isBmcEndpoint = false)
    {
        var settings = ConfigurationLayer.Empty.With("Service/AllowUnencrypted", "true").With("Service/Auth/Basic", "true").With("Service/Auth/CredSSP", "true");
        return MachineService.StartAsync(new MachineServiceOptions
        {
            Listeners = [new Listener(new IPEndPoint(IPAddress.Loopback, 0))],
            Configuration = new LiveConfiguration(new ServiceConfiguration(settings, ConfigurationLayer.Empty, ConfigurationLayer.Empty)),
            Users = users,
            Key = key,
            Keytab = keytab,
            IsBmcEndpoint = isBmcEndpoint,
            Logs = logs,
        });
    }

    private sealed class Keeper(ConcurrentQueue<string> told) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            told.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            told.Enqueue($"{formatter(state, exception)} {(state is IEnumerable<KeyValuePair<string, object?>> values ? string.Join(' ', values) : state)} {exception}");

        public void Dispose()
        {
        }
    }
}
