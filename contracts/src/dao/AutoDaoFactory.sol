// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TimelockControllerUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/TimelockControllerUpgradeable.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ICharter} from "../interfaces/ICharter.sol";
import {AutoDao} from "./AutoDao.sol";
import {AutoDaoTimelock} from "./AutoDaoTimelock.sol";
import {AutoDaoToken} from "./AutoDaoToken.sol";
import {IdVotes} from "./IdVotes.sol";
import {Rules} from "./Rules.sol";

/// Makes a DAO in one call: governor, timelock and, unless there is one, token, as clones. It keeps no role in any.
contract AutoDaoFactory {
    /// Votes come from a token there is, from a new one with its holders, or from a club of Auto IDs with its founders:
    /// exactly one of the three is given.
    /// @param token an ERC20Votes token that counts in seconds
    /// @param maxSupply of a new token, 0 for as much as can be counted
    /// @param founders Auto IDs of the first members of a club
    /// @param entry who may join that club
    /// @param quorumPercent of the supply at the snapshot
    /// @param timelockDelay 0, for a DAO that holds nothing, or from an hour to 30 days
    /// @param guardian may cancel proposals and do nothing else; zero for none
    /// @param promptHash of the AI features, which are said in words; zero for none
    struct DaoParams {
        string name;
        address token;
        string tokenName;
        string tokenSymbol;
        address[] holders;
        uint256[] amounts;
        uint96 maxSupply;
        uint256[] founders;
        IdVotes.Entry entry;
        uint48 votingDelay;
        uint32 votingPeriod;
        uint256 proposalThreshold;
        uint256 quorumPercent;
        uint48 lateQuorumExtension;
        uint256 timelockDelay;
        bool changeOfMind;
        address guardian;
        Rules rules;
        bytes32 promptHash;
        string aiFeatures;
        bytes32 salt;
    }

    uint256 private constant MIN_TIME = 1 hours;
    uint256 private constant MAX_TIME = 30 days;

    AutoDao public immutable DAO;
    AutoDaoTimelock public immutable TIMELOCK;
    AutoDaoToken public immutable TOKEN;
    IdVotes public immutable CLUB;

    event DaoCreated(address indexed creator, address indexed dao, address timelock, address token, string name);

    error BadName();
    error BadVotingDelay();
    error BadVotingPeriod();
    error BadThreshold();
    error BadQuorum();
    error BadLateQuorumExtension();
    error BadTimelockDelay();
    error BadHolders();
    error BadFounders();
    error BadAiFeatures();
    error TokenNotVotes();
    error TokenClockNotSeconds();
    error TokenTooLarge();

    constructor(AutoDao dao, AutoDaoTimelock timelock, AutoDaoToken token, IdVotes club) {
        (DAO, TIMELOCK, TOKEN, CLUB) = (dao, timelock, token, club);
    }

    /// @notice The registry whose Auto IDs take seats in these DAOs.
    function autoIds() external view returns (address) {
        return DAO.autoIds();
    }

    /// @notice Where `create` by this creator with this salt will put its contracts; of token and club it makes one at most.
    function predict(
        address creator,
        bytes32 salt
    ) external view returns (address dao, address timelock, address token, address club) {
        salt = _salt(creator, salt);
        dao = Clones.predictDeterministicAddress(address(DAO), salt);
        timelock = Clones.predictDeterministicAddress(address(TIMELOCK), salt);
        token = Clones.predictDeterministicAddress(address(TOKEN), salt);
        club = Clones.predictDeterministicAddress(address(CLUB), salt);
    }

    function create(DaoParams calldata p) external returns (address dao, address timelock, address token) {
        _validate(p);
        bytes32 salt = _salt(msg.sender, p.salt);
        dao = Clones.cloneDeterministic(address(DAO), salt);
        timelock = Clones.cloneDeterministic(address(TIMELOCK), salt);
        token = _tokenFor(p, salt, timelock);
        // With more asked for than there is, nobody could ever propose.
        if (p.proposalThreshold > _heaviest(p.rules, token)) revert BadThreshold();
        AutoDaoTimelock(payable(timelock)).initialize(p.timelockDelay, dao);
        AutoDao(payable(dao)).initialize(_setup(p, timelock, token));
        emit DaoCreated(msg.sender, dao, timelock, token, p.name);
    }

    function _tokenFor(DaoParams calldata p, bytes32 salt, address timelock) private returns (address token) {
        if (p.token != address(0)) {
            _validateToken(p.token);
            return p.token;
        }
        if (p.founders.length != 0) {
            token = Clones.cloneDeterministic(address(CLUB), salt);
            uint256 joined = IdVotes(token).initialize(p.tokenName, p.tokenSymbol, timelock, p.entry, p.founders);
            if (joined != p.founders.length) revert BadFounders();
        } else {
            token = Clones.cloneDeterministic(address(TOKEN), salt);
            uint96 cap = p.maxSupply == 0 ? type(uint96).max : p.maxSupply;
            AutoDaoToken(token).initialize(p.tokenName, p.tokenSymbol, timelock, cap, p.holders, p.amounts);
        }
    }

    function _heaviest(Rules calldata rules, address token) private view returns (uint256) {
        if (rules.isPlain()) return IERC20(token).totalSupply();
        return ICharter(DAO.charter()).heaviest(rules, token);
    }

    function _setup(
        DaoParams calldata p,
        address timelock,
        address token
    ) private pure returns (AutoDao.Setup memory) {
        bool ruled = !p.rules.isPlain();
        bytes memory charter;
        if (ruled || p.promptHash != 0) {
            charter = abi.encodeCall(ICharter.begin, (p.rules, p.promptHash, p.aiFeatures));
        }
        return
            AutoDao.Setup({
                name: p.name,
                token: IVotes(token),
                timelock: TimelockControllerUpgradeable(payable(timelock)),
                votingDelay: p.votingDelay,
                votingPeriod: p.votingPeriod,
                proposalThreshold: p.proposalThreshold,
                quorumPercent: p.quorumPercent,
                lateQuorumExtension: p.lateQuorumExtension,
                changeOfMind: p.changeOfMind,
                guardian: p.guardian,
                ruled: ruled,
                charter: charter
            });
    }

    /// The creator is part of the salt, so nobody can take an address before them.
    function _salt(address creator, bytes32 salt) private pure returns (bytes32) {
        return keccak256(abi.encode(creator, salt));
    }

    function _validate(DaoParams calldata p) private pure {
        if (bytes(p.name).length == 0 || bytes(p.name).length > 64) revert BadName();
        if (p.votingDelay > MAX_TIME) revert BadVotingDelay();
        if (p.votingPeriod < MIN_TIME || p.votingPeriod > MAX_TIME) revert BadVotingPeriod();
        if (p.quorumPercent == 0 || p.quorumPercent > 50) revert BadQuorum();
        if (p.lateQuorumExtension > p.votingPeriod) revert BadLateQuorumExtension();
        if (p.timelockDelay != 0 && (p.timelockDelay < MIN_TIME || p.timelockDelay > MAX_TIME)) {
            revert BadTimelockDelay();
        }
        uint256 sources = (p.token != address(0) ? 1 : 0) + (p.holders.length != 0 ? 1 : 0);
        if (p.founders.length != 0) ++sources;
        if (p.holders.length != p.amounts.length || sources != 1) revert BadHolders();
        if (p.token == address(0) && (bytes(p.tokenName).length == 0 || bytes(p.tokenSymbol).length == 0)) revert BadName();
        // A hash with no words says nothing to anybody, and words without a hash can be changed behind their back.
        if ((p.promptHash == 0) != (bytes(p.aiFeatures).length == 0)) revert BadAiFeatures();
    }

    function _validateToken(address token) private view {
        if (token.code.length == 0) revert TokenNotVotes();
        try IERC5805(token).getPastTotalSupply(block.timestamp - 1) returns (uint256) {} catch {
            revert TokenNotVotes();
        }
        try IERC5805(token).CLOCK_MODE() returns (string memory mode) {
            if (keccak256(bytes(mode)) != keccak256("mode=timestamp")) revert TokenClockNotSeconds();
        } catch {
            revert TokenClockNotSeconds();
        }
        if (IERC5805(token).clock() != block.timestamp) revert TokenClockNotSeconds();
        if (IERC20(token).totalSupply() > type(uint96).max) revert TokenTooLarge();
    }
}
