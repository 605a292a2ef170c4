// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IChallenge} from "../interfaces/IChallenge.sol";
import {IGlobalDao} from "../interfaces/IGlobalDao.sol";

/// The money of a challenge: what sponsors put in, what is owed to whom, and how both leave.
///
/// Invariants, and the test that holds each:
/// - stakes, bonds, pay and refunds are what it holds, each owed once; every state has an exit: `invariant_the_escrow_owes_what_it_holds_once_and_every_state_has_an_exit`
/// - refunds are each one's part, and never more than there is: `testFuzz_refunds_are_each_ones_part_and_never_more_than_there_is`
/// - a token that calls back gets in nowhere: `test_a_token_that_calls_back_gets_in_nowhere`
abstract contract Escrow is IChallenge, Initializable, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    uint256 internal constant FULL = 10_000;
    /// Of what is paid for work; what makes reputation out of one's own money dear.
    uint256 private constant FEE = 250;
    uint256 private constant CLAIM_TIME = 365 days;
    /// More than any token has, and far from what a sum can hold.
    uint256 internal constant MAX_AMOUNT = type(uint96).max;

    IGlobalDao internal _global;
    IERC20 internal _token;
    uint256 internal _unit;

    /// @inheritdoc IChallenge
    State public state;
    uint48 internal _until;
    uint48 private _overAt;

    /// @inheritdoc IChallenge
    uint256 public goal;

    /// @inheritdoc IChallenge
    uint256 public funded;

    /// @inheritdoc IChallenge
    mapping(address sponsor => uint256) public fundedBy;

    /// @inheritdoc IChallenge
    mapping(address account => uint256) public creditOf;

    uint256 internal _requirements;
    Terms internal _terms;
    /// Of the funding: credited for work, and come back because nobody fetched it.
    uint256 private _spent;
    uint256 private _reclaimed;
    mapping(address sponsor => uint256) private _refunded;

    modifier onlyIn(State wanted) {
        _mustBeIn(wanted);
        _;
    }

    modifier onlyOver() {
        if (_overAt == 0) revert NotOver();
        _;
    }

    /// @inheritdoc IChallenge
    function fund(uint256 amount) external nonReentrant onlyIn(State.Funding) {
        if (block.timestamp > _until) revert TooLate();
        _pull(amount);
        funded += amount;
        if (funded > MAX_AMOUNT) revert BadAmount();
        fundedBy[msg.sender] += amount;
        emit Funded(msg.sender, amount, funded);
        if (funded >= goal) _enter(State.Planning, block.timestamp + _terms.planningTime);
    }

    /// @inheritdoc IChallenge
    function withdraw(address account) external nonReentrant returns (uint256 amount) {
        amount = creditOf[account];
        if (amount == 0) revert NothingToWithdraw();
        creditOf[account] = 0;
        emit Withdrawn(account, amount);
        _token.safeTransfer(account, amount);
    }

    /// @inheritdoc IChallenge
    function refund(address sponsor) external nonReentrant onlyOver returns (uint256 amount) {
        amount = refundOf(sponsor);
        if (amount == 0) revert NothingToWithdraw();
        _refunded[sponsor] += amount;
        emit Refunded(sponsor, amount);
        _token.safeTransfer(sponsor, amount);
    }

    /// @inheritdoc IChallenge
    function reclaim(address account) external nonReentrant onlyOver {
        if (block.timestamp <= _overAt + CLAIM_TIME) revert TooEarly();
        uint256 amount = creditOf[account];
        if (amount == 0) revert NothingToWithdraw();
        creditOf[account] = 0;
        _reclaimed += amount;
        emit Reclaimed(account, amount);
    }

    /// @inheritdoc IChallenge
    function refundOf(address sponsor) public view returns (uint256) {
        if (_overAt == 0 || fundedBy[sponsor] == 0) return 0;
        return ((funded - _spent + _reclaimed) * fundedBy[sponsor]) / funded - _refunded[sponsor];
    }

    /// @inheritdoc IChallenge
    function globalDao() external view returns (address) {
        return address(_global);
    }

    /// @inheritdoc IChallenge
    function token() external view returns (address) {
        return address(_token);
    }

    /// @inheritdoc IChallenge
    function terms() external view returns (Terms memory) {
        return _terms;
    }

    /// @inheritdoc IChallenge
    function until() external view returns (uint256) {
        return _until;
    }

    function _mustBeIn(State wanted) private view {
        if (state != wanted) revert WrongState();
    }

    function _enter(State next, uint256 until_) internal {
        (state, _until) = (next, uint48(until_));
        emit StateChanged(next, until_);
    }

    function _close(State last) internal {
        _overAt = uint48(block.timestamp);
        _enter(last, 0);
    }

    /// A token that keeps a part on the way, or says yes and moves nothing, is found by what arrives.
    function _pull(uint256 amount) internal {
        if (amount == 0 || amount > MAX_AMOUNT) revert BadAmount();
        uint256 before = _token.balanceOf(address(this));
        _token.safeTransferFrom(msg.sender, address(this), amount);
        if (_token.balanceOf(address(this)) != before + amount) revert TokenTakesFee();
    }

    function _credit(address account, Reason reason, uint256 amount) internal {
        if (amount == 0) return;
        creditOf[account] += amount;
        emit Credited(account, reason, amount);
    }

    /// Pays for work out of the funding, less the fee.
    function _pay(address account, uint256 amount) internal {
        uint256 fee = (amount * FEE) / FULL;
        _spent += amount;
        _credit(_global.treasury(), Reason.Fee, fee);
        _credit(account, Reason.Payout, amount - fee);
    }

    /// More than half of the funding.
    function _isMajority(uint256 weight) internal view returns (bool) {
        return weight * 2 > funded;
    }
}
