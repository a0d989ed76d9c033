using Farwire.Security;
using Farwire.Service.Access;

namespace Farwire.AspNetCore.Tests;

public sealed class ClaimNamesTests
{
    /// <summary>Two rooms that do not know each other meet in this name.</summary>
    [Fact]
    public void Security_and_Service_call_the_account_the_same() => Assert.Equal(SecurityClaims.Account, CallerClaims.Account);
}
