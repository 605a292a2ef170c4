// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChief} from "../interfaces/IChief.sol";
import {PauseProxy} from "./PauseProxy.sol";
import {Shutdown} from "./Shutdown.sol";

/// What the hat decides waits here, so that people can see it and drop it. A plan outlives the hat that plotted it; the next
/// hat may drop it. Anybody may execute a plan whose time has come.
///
/// Invariants, and the test that holds each:
/// - only the hat plots: `test_only_the_hat_plots`
/// - what was not plotted in every detail is not executed: `test_what_was_not_plotted_in_every_detail_is_not_executed`
/// - no action writes over the pause: `test_no_action_can_write_over_the_pause`
contract Pause {
    enum State {
        Unknown,
        Plotted,
        Executed,
        Dropped
    }

    /// No plan can take the delay away, or make it so long that nothing is ever decided again.
    uint48 public constant MIN_DELAY = 1 hours;
    uint48 public constant MAX_DELAY = 30 days;
    /// Beyond the delay; nothing lies here until it is forgotten.
    uint48 public constant MAX_AHEAD = 30 days;
    /// How long a plan may be executed once its time has come: enough for office hours on both sides of a weekend.
    uint48 public constant WINDOW = 7 days;

    IChief public immutable CHIEF;
    Shutdown public immutable SHUTDOWN;
    PauseProxy public immutable PROXY;

    uint48 public delay;
    mapping(bytes32 plan => State) public stateOf;

    event Plotted(
        bytes32 indexed plan,
        address indexed hat,
        address indexed action,
        bytes32 codeHash,
        bytes call,
        uint48 eta
    );
    event Executed(bytes32 indexed plan, bytes result);
    event Dropped(bytes32 indexed plan, address indexed hat);
    event DelaySet(uint48 delay);

    error NotTheHat();
    error NotTheProxy();
    error ShutDown();
    error BadDelay();
    error BadEta();
    error KnownPlan();
    error NotPlotted();
    error TooEarly();
    error TooLate();
    error CodeChanged();

    modifier onlyHat() {
        if (msg.sender != CHIEF.hat()) revert NotTheHat();
        _;
    }

    constructor(IChief chief, Shutdown shutdown, uint48 delay_) {
        CHIEF = chief;
        SHUTDOWN = shutdown;
        PROXY = new PauseProxy(shutdown);
        _setDelay(delay_);
    }

    /// @param action what the proxy runs by delegatecall
    /// @param codeHash of the action; when its code is another one later, the plan is dead
    function plot(
        address action,
        bytes32 codeHash,
        bytes calldata call,
        uint48 eta
    ) external onlyHat returns (bytes32 plan) {
        if (SHUTDOWN.fired()) revert ShutDown();
        uint256 first = block.timestamp + delay;
        if (eta < first || eta > first + MAX_AHEAD) revert BadEta();
        plan = planOf(action, codeHash, call, eta);
        if (stateOf[plan] != State.Unknown) revert KnownPlan();
        stateOf[plan] = State.Plotted;
        emit Plotted(plan, msg.sender, action, codeHash, call, eta);
    }

    function drop(address action, bytes32 codeHash, bytes calldata call, uint48 eta) external onlyHat {
        bytes32 plan = planOf(action, codeHash, call, eta);
        if (stateOf[plan] != State.Plotted) revert NotPlotted();
        stateOf[plan] = State.Dropped;
        emit Dropped(plan, msg.sender);
    }

    function exec(
        address action,
        bytes32 codeHash,
        bytes calldata call,
        uint48 eta
    ) external returns (bytes memory result) {
        bytes32 plan = planOf(action, codeHash, call, eta);
        if (stateOf[plan] != State.Plotted) revert NotPlotted();
        if (block.timestamp < eta) revert TooEarly();
        if (block.timestamp > uint256(eta) + WINDOW) revert TooLate();
        if (action.codehash != codeHash) revert CodeChanged();
        // Before the call, which may come back here.
        stateOf[plan] = State.Executed;
        result = PROXY.exec(action, call);
        emit Executed(plan, result);
    }

    /// By a plan only.
    function setDelay(uint48 delay_) external {
        if (msg.sender != address(PROXY)) revert NotTheProxy();
        _setDelay(delay_);
    }

    function planOf(
        address action,
        bytes32 codeHash,
        bytes calldata call,
        uint48 eta
    ) public pure returns (bytes32) {
        return keccak256(abi.encode(action, codeHash, call, eta));
    }

    function _setDelay(uint48 delay_) private {
        if (delay_ < MIN_DELAY || delay_ > MAX_DELAY) revert BadDelay();
        delay = delay_;
        emit DelaySet(delay_);
    }
}
