// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TimelockControllerUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/TimelockControllerUpgradeable.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AutoDao} from "./AutoDao.sol";
import {AutoDaoTimelock} from "./AutoDaoTimelock.sol";
import {AutoDaoToken} from "./AutoDaoToken.sol";

/// Makes a DAO in one call: governor, timelock and, unless there is one, token, as clones. It keeps no role in any.
contract AutoDaoFactory {
    /// @param token an ERC20Votes token that counts in seconds; zero makes a new one of name, symbol, holders, amounts
    /// @param quorumPercent of the supply at the snapshot
    /// @param timelockDelay 0, for a DAO that holds nothing, or from an hour to 30 days
    /// @param guardian may cancel proposals and do nothing else; zero for none
    struct DaoParams {
        string name;
        address token;
        string tokenName;
        string tokenSymbol;
        address[] holders;
        uint256[] amounts;
        uint48 votingDelay;
        uint32 votingPeriod;
        uint256 proposalThreshold;
        uint256 quorumPercent;
        uint48 lateQuorumExtension;
        uint256 timelockDelay;
        bool changeOfMind;
        address guardian;
        bytes32 salt;
    }

    uint256 private constant MIN_TIME = 1 hours;
    uint256 private constant MAX_TIME = 30 days;

    AutoDao public immutable DAO;
    AutoDaoTimelock public immutable TIMELOCK;
    AutoDaoToken public immutable TOKEN;

    event DaoCreated(address indexed creator, address indexed dao, address timelock, address token, string name);

    error BadName();
    error BadVotingDelay();
    error BadVotingPeriod();
    error BadThreshold();
    error BadQuorum();
    error BadLateQuorumExtension();
    error BadTimelockDelay();
    error BadHolders();
    error TokenNotVotes();
    error TokenClockNotSeconds();
    error TokenTooLarge();

    constructor(AutoDao dao, AutoDaoTimelock timelock, AutoDaoToken token) {
        (DAO, TIMELOCK, TOKEN) = (dao, timelock, token);
    }

    /// @notice The registry whose Auto IDs take seats in these DAOs.
    function autoIds() external view returns (address) {
        return DAO.autoIds();
    }

    /// @notice Where `create` by this creator with this salt will put its contracts.
    function predict(address creator, bytes32 salt) external view returns (address dao, address timelock, address token) {
        salt = _salt(creator, salt);
        dao = Clones.predictDeterministicAddress(address(DAO), salt);
        timelock = Clones.predictDeterministicAddress(address(TIMELOCK), salt);
        token = Clones.predictDeterministicAddress(address(TOKEN), salt);
    }

    function create(DaoParams calldata p) external returns (address dao, address timelock, address token) {
        _validate(p);
        bytes32 salt = _salt(msg.sender, p.salt);
        dao = Clones.cloneDeterministic(address(DAO), salt);
        timelock = Clones.cloneDeterministic(address(TIMELOCK), salt);
        token = p.token;
        if (token == address(0)) {
            token = Clones.cloneDeterministic(address(TOKEN), salt);
            AutoDaoToken(token).initialize(p.tokenName, p.tokenSymbol, timelock, p.holders, p.amounts);
        } else {
            _validateToken(token);
        }
        // With more asked for than there is, nobody could ever propose.
        if (p.proposalThreshold > IERC20(token).totalSupply()) revert BadThreshold();
        AutoDaoTimelock(payable(timelock)).initialize(p.timelockDelay, dao);
        AutoDao(payable(dao)).initialize(_setup(p, timelock, token));
        emit DaoCreated(msg.sender, dao, timelock, token, p.name);
    }

    function _setup(
        DaoParams calldata p,
        address timelock,
        address token
    ) private pure returns (AutoDao.Setup memory) {
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
                guardian: p.guardian
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
        bool isNew = p.token == address(0);
        if (p.holders.length != p.amounts.length || (p.holders.length != 0) != isNew) revert BadHolders();
        if (isNew && (bytes(p.tokenName).length == 0 || bytes(p.tokenSymbol).length == 0)) revert BadName();
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
