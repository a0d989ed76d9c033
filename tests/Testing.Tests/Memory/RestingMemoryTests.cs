using Farwire.Hosting.Memory;
using Farwire.TestKit;
using Xunit;

namespace Farwire.Testing.Tests.Memory;

public sealed class RestingMemoryTests
{
    private readonly ManualTime _time = new();
    private long _allocated = 50_000_000;
    private int _given;

    [Fact]
    public void A_service_that_rests_gives_back_once_and_again_after_it_worked()
    {
        using var memory = new RestingMemory(_time, () => _allocated, () => _given++);

        _time.Advance(RestingMemory.Period);
        _time.Advance(RestingMemory.Period);
        Assert.Equal(1, _given);

        _allocated += 5_000_000;
        _time.Advance(RestingMemory.Period);
        Assert.Equal(1, _given);
        _time.Advance(RestingMemory.Period);
        Assert.Equal(2, _given);
    }

    [Fact]
    public void A_service_at_work_keeps_its_memory()
    {
        using var memory = new RestingMemory(_time, () => _allocated, () => _given++);
        for (var i = 0; i < 10; i++)
        {
            _allocated += 1_000_000;
            _time.Advance(RestingMemory.Period);
        }

        Assert.Equal(0, _given);
    }
}
