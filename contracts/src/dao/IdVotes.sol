// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IScores} from "../interfaces/IScores.sol";

/// The votes of a club: one for each Auto ID that is a member, held by its controller. Nothing can be transferred or
/// delegated.
///
/// Anybody may bring the list up to date: `join` takes in who may come, follows an id to its new controller, and drops one
/// that ended, so that the dead do not stand in the way of a quorum.
///
/// Invariants, and the test that holds each:
/// - the count is the members, and no account has two votes: `testFuzz_the_count_is_the_members_and_no_account_has_two_votes`
/// - an id votes from one account: `test_an_id_that_moves_never_votes_from_two_accounts`
contract IdVotes is IERC5805, Initializable {
    using Checkpoints for Checkpoints.Trace208;

    enum Standing {
        Stranger,
        Member,
        Left,
        Removed
    }

    /// @param attestor Auto ID of the organisation whose word opens the door, 0 when it is open to every live id
    /// @param minScore the least score from the attestor, 1 to 100
    /// @param agents whether agents may be members
    struct Entry {
        uint32 attestor;
        uint8 minScore;
        bool agents;
        bytes32 topic;
    }

    struct Member {
        address account;
        Standing standing;
    }

    uint8 private constant ORGANISATION = 2;
    uint8 private constant AGENT = 3;
    IScores private immutable AUTO_IDS;

    address public timelock;
    Entry public entry;
    string public name;
    string public symbol;
    mapping(uint256 autoId => Member) public memberOf;
    /// By account, the Auto ID that made it a member.
    mapping(address account => Checkpoints.Trace208) private _ids;
    Checkpoints.Trace208 private _count;

    event MemberJoined(uint256 indexed autoId, address indexed account);
    event MemberLeft(uint256 indexed autoId, address indexed account, Standing standing);
    event EntrySet(Entry entry);

    error OnlyTimelock();
    error NotAMember();
    error NotYetPast(uint256 timepoint);
    error NotAnAttestor();
    error CannotDelegate();

    constructor(address registry) {
        AUTO_IDS = IScores(registry);
        _disableInitializers();
    }

    /// Founders come in without a score.
    function initialize(
        string calldata name_,
        string calldata symbol_,
        address timelock_,
        Entry calldata entry_,
        uint256[] calldata founders
    ) external initializer returns (uint256 joined) {
        (name, symbol, timelock) = (name_, symbol_, timelock_);
        _setEntry(entry_);
        for (uint256 i; i < founders.length; ++i) {
            if (_update(founders[i], true)) ++joined;
        }
    }

    /// @notice Brings ids up to date; those that may not be members are left out. The DAO itself takes in whom it likes, who
    /// left comes back by an own call, and who was removed only by the DAO's.
    function join(uint256[] calldata autoIds) external returns (uint256 joined) {
        bool byDao = msg.sender == timelock;
        for (uint256 i; i < autoIds.length; ++i) {
            if (_update(autoIds[i], byDao)) ++joined;
        }
    }

    function leave() external {
        _leave(_ids[msg.sender].latest(), Standing.Left);
    }

    /// @notice Ends a membership; by the DAO.
    function remove(uint256 autoId) external {
        if (msg.sender != timelock) revert OnlyTimelock();
        _leave(autoId, Standing.Removed);
    }

    /// @notice Changes who may join; by the DAO. Members stay.
    function setEntry(Entry calldata entry_) external {
        if (msg.sender != timelock) revert OnlyTimelock();
        _setEntry(entry_);
    }

    /// @notice The registry whose Auto IDs are members.
    function autoIds() external view returns (address) {
        return address(AUTO_IDS);
    }

    function decimals() external pure returns (uint8) {
        return 0;
    }

    function totalSupply() external view returns (uint256) {
        return _count.latest();
    }

    function balanceOf(address account) external view returns (uint256) {
        return getVotes(account);
    }

    function clock() public view returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc IVotes
    function getVotes(address account) public view returns (uint256) {
        return _voteOf(account, _ids[account].latest());
    }

    /// @notice 1 when the account was a member then, and its Auto ID still speaks for it.
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        return _voteOf(account, _ids[account].upperLookupRecent(_past(timepoint)));
    }

    /// @inheritdoc IVotes
    function getPastTotalSupply(uint256 timepoint) external view returns (uint256) {
        return _count.upperLookupRecent(_past(timepoint));
    }

    /// @inheritdoc IVotes
    function delegates(address account) external pure returns (address) {
        return account;
    }

    /// @inheritdoc IVotes
    function delegate(address) external pure {
        revert CannotDelegate();
    }

    /// @inheritdoc IVotes
    function delegateBySig(address, uint256, uint256, uint8, bytes32, bytes32) external pure {
        revert CannotDelegate();
    }

    function _voteOf(address account, uint256 id) private view returns (uint256) {
        return id != 0 && AUTO_IDS.isController(id, account) ? 1 : 0;
    }

    function _past(uint256 timepoint) private view returns (uint48) {
        if (timepoint >= block.timestamp) revert NotYetPast(timepoint);
        return uint48(timepoint);
    }

    /// Returns whether the id became a member.
    function _update(uint256 id, bool byDao) private returns (bool) {
        if (id > type(uint32).max) return false;
        Member memory m = memberOf[id];
        address account = AUTO_IDS.liveControllerOf(id);
        if (m.standing == Standing.Member) {
            if (account == m.account) return false;
            _leave(id, Standing.Stranger);
            if (account != address(0)) _join(id, account);
            return false;
        }
        if (account == address(0) || !_mayJoin(id, account, m.standing, byDao)) return false;
        _join(id, account);
        return true;
    }

    function _mayJoin(uint256 id, address account, Standing standing, bool byDao) private view returns (bool) {
        if (!entry.agents && AUTO_IDS.kindOf(id) == AGENT) return false;
        if (byDao) return true;
        if (standing == Standing.Removed) return false;
        if (standing == Standing.Left && msg.sender != account) return false;
        if (entry.attestor == 0) return true;
        (uint8 score, ) = AUTO_IDS.scoreOf(id, entry.attestor, entry.topic);
        return score >= entry.minScore;
    }

    /// An account has one live id; what made it a member before has ended.
    function _join(uint256 id, address account) private {
        uint256 old = _ids[account].latest();
        if (old != 0) _leave(old, Standing.Stranger);
        memberOf[id] = Member(account, Standing.Member);
        _ids[account].push(clock(), uint208(id));
        _count.push(clock(), _count.latest() + 1);
        emit MemberJoined(id, account);
        emit DelegateVotesChanged(account, 0, 1);
    }

    function _leave(uint256 id, Standing standing) private {
        Member memory m = memberOf[id];
        if (m.standing != Standing.Member) revert NotAMember();
        memberOf[id].standing = standing;
        _ids[m.account].push(clock(), 0);
        _count.push(clock(), _count.latest() - 1);
        emit MemberLeft(id, m.account, standing);
        emit DelegateVotesChanged(m.account, 1, 0);
    }

    function _setEntry(Entry calldata entry_) private {
        bool isOpen = entry_.attestor == 0;
        if (isOpen != (entry_.minScore == 0) || entry_.minScore > 100) revert NotAnAttestor();
        if (!isOpen && (AUTO_IDS.kindOf(entry_.attestor) != ORGANISATION || !AUTO_IDS.isLive(entry_.attestor))) {
            revert NotAnAttestor();
        }
        entry = entry_;
        emit EntrySet(entry_);
    }
}
