using Farwire.Linux.Memory;
using Xunit;

namespace Farwire.Linux.Tests.Memory;

public sealed class ResidentPagesTests
{
    [Fact]
    public void Pages_of_programs_go_and_what_runs_goes_on()
    {
        Assert.SkipUnless(File.Exists("/proc/self/smaps"), "This kernel does not show the mappings of a process.");

        var given = ResidentPages.GiveBack();

        // The runtime itself has mapped far more than that, and has to read some of it again to come here.
        Assert.True(given > 4_000, $"{given} kB were given back.");
        Assert.Equal(["a", "b"], new[] { "b", "a" }.Order());
    }
}
