using System.Text;
using Farwire.Ipmi.Session;
using Farwire.TestKit.Bmc;

namespace Farwire.Ipmi.Tests.Peers;

/// <summary>One simulated controller for the tests of a class.</summary>
public sealed class IpmiSim : IAsyncLifetime
{
    private SimulatedBmc? _bmc;

    public SimulatedBmc Bmc => _bmc ?? throw new InvalidOperationException("The simulator was not started.");

    public async ValueTask InitializeAsync()
    {
        if (SimulatedBmc.Missing is null)
        {
            _bmc = await SimulatedBmc.StartAsync();
        }
    }

    /// <summary>Skips a test where there is no simulator.</summary>
    public static void Need() => Assert.SkipWhen(SimulatedBmc.Missing is not null, SimulatedBmc.Missing ?? "");

    public LanOptions Options(PrivilegeLevel privilege = PrivilegeLevel.Administrator) =>
        Of(Bmc.Port, SimulatedBmc.Administrator, SimulatedBmc.AdministratorPassword, privilege);

    public static LanOptions Of(int port, string user, string password, PrivilegeLevel privilege = PrivilegeLevel.Administrator) => new()
    {
        Host = "127.0.0.1", Port = port, User = user, Password = Encoding.UTF8.GetBytes(password), Privilege = privilege,
    };

    public ValueTask DisposeAsync() => _bmc?.DisposeAsync() ?? ValueTask.CompletedTask;
}
