using System.Diagnostics.Metrics;
using System.Text;
using Farwire.Security.Accounts;
using Farwire.Security.Basic;

namespace Farwire.Security.Tests.Basic;

/// <summary>What a guess costs the service, counted in rounds of the hash.</summary>
[CollectionDefinition(nameof(WorkTests), DisableParallelization = true)]
[Collection(nameof(WorkTests))]
public sealed class WorkTests
{
    [Fact]
    public async Task An_unknown_name_costs_what_a_wrong_password_costs()
    {
        var users = UserStore.InMemory();
        users.Put(new StoredUser("ann", "daemon", PasswordHash.Of("secret")));
        var scheme = new BasicScheme(users, TimeProvider.System);
        long rounds = 0;
        using var meter = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "farwire.security.password.rounds")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meter.SetMeasurementEventCallback<long>((_, done, _, _) => Interlocked.Add(ref rounds, done));
        meter.Start();

        var wrong = await CostAsync("ann:guess");
        var unknown = await CostAsync("eve:guess");

        Assert.Equal(PasswordHash.DefaultIterations, wrong);
        Assert.Equal(wrong, unknown);

        async Task<long> CostAsync(string credentials)
        {
            var before = Interlocked.Read(ref rounds);
            using var acceptor = scheme.Accept(new ConnectionFacts("192.0.2.1"));
            var step = await acceptor.StepAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)), TestContext.Current.CancellationToken);
            Assert.False(step.IsAccepted);
            return Interlocked.Read(ref rounds) - before;
        }
    }
}
